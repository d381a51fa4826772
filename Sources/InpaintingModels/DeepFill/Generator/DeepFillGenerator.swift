import InpaintingData
import NeuralNetworks
import Tensors

/// DeepFill v2's generator: a coarse and a refined picture (Yu et al., 2019, figure 3).
package final class Generator: Module {
  let coarse: CoarseNetwork
  let refinement: RefinementNetwork
  private let usesGuidance: Bool
  private let nearest: DeepFillNearest
  private let holeReduction: HoleReduction

  /// Heights and widths must be multiples of this, so that attention can halve what two strides have left.
  static let sizeMultiple = 8

  package init(_ configuration: DeepFillV2Configuration, initialization: Initialization) {
    coarse = CoarseNetwork(configuration, initialization: initialization["coarse"])
    refinement = RefinementNetwork(configuration, initialization: initialization["refinement"])
    usesGuidance = configuration.guidance
    nearest = configuration.nearest
    holeReduction = configuration.holeReduction
  }

  /// Both stages' raw pictures, [batch, height, width, 3] in −1...1.
  ///
  /// - Precondition: Height and width are multiples of 8, and there is guidance if the configuration says so.
  func callAsFunction(
    _ batch: InpaintingBatch
  ) -> (coarse: Tensor, refined: Tensor, shifted: [ShiftedFeatures]) {
    let (height, width) = (batch.images.shape[1], batch.images.shape[2])
    precondition(
      height % Self.sizeMultiple == 0 && width % Self.sizeMultiple == 0 && height > 0 && width > 0,
      "DeepFill v2: expected a height and width that are multiples of 8, found \(height)x\(width); pad or crop the "
        + "pictures")
    let coarse = self.coarse(input(batch))
    let completed = batch.completed(with: coarse)
    let surroundings = AttentionSurroundings(
      batch, pictures: completed, nearest: nearest, reduction: holeReduction)
    let (refined, shifted) = refinement(completed, surroundings)
    return (coarse, refined, shifted)
  }

  /// Known pixels, edges inside the holes if there are any, ones (so that zeros at the borders can be told from grey),
  /// and the holes.
  private func input(_ batch: InpaintingBatch) -> Tensor {
    let plane = Array(batch.images.shape.dropLast()) + [1]
    let edges = usesGuidance ? [batch.guidanceInHoles.expanded(to: plane)] : []
    return concatenate([batch.known] + edges + [.ones(plane), batch.holes.expanded(to: plane)], axis: -1)
  }
}

extension InpaintingBatch {
  /// The edges, without those that would tell of known pixels.
  ///
  /// - Precondition: There is guidance.
  var guidanceInHoles: Tensor {
    guard let guidance else { preconditionFailure("DeepFill v2: a guided model needs a batch with guidance") }
    return guidance * holes
  }
}
