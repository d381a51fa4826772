import InpaintingData
import NeuralNetworks
import Tensors

extension DeepFillV1 {
  /// The generator: a coarse and a refined picture (Yu et al., 2018, figure 2).
  package final class Generator: Module {
    let coarse: CoarseNetwork
    let refinement: RefinementNetwork
    private let nearest: DeepFillNearest
    private let holeReduction: HoleReduction

    /// Heights and widths must be multiples of this, so that attention can halve what two strides have left.
    static let sizeMultiple = 8

    package init(_ configuration: DeepFillV1Configuration, initialization: Initialization) {
      coarse = CoarseNetwork(configuration, initialization: initialization["coarse"])
      refinement = RefinementNetwork(configuration, initialization: initialization["refinement"])
      nearest = configuration.nearest
      holeReduction = configuration.holeReduction
    }

    /// The first stage's raw pictures, [batch, height, width, 3] in −1...1.
    ///
    /// - Precondition: Height and width are multiples of 8.
    package func coarsePictures(_ batch: InpaintingBatch) -> Tensor {
      let (height, width) = (batch.images.shape[1], batch.images.shape[2])
      precondition(
        height % Self.sizeMultiple == 0 && width % Self.sizeMultiple == 0 && height > 0 && width > 0,
        "DeepFill v1: expected a height and width that are multiples of 8, found \(height)x\(width); pad or crop the "
          + "pictures")
      return coarse(input(batch.known, batch.holes))
    }

    /// The second stage's raw pictures, in the same shape.
    func refinedPictures(
      _ batch: InpaintingBatch, coarse: Tensor
    ) -> (pictures: Tensor, shifted: [ShiftedFeatures]) {
      let completed = batch.completed(with: coarse)
      return refinement(
        input(completed, batch.holes),
        AttentionSurroundings(batch, pictures: completed, nearest: nearest, reduction: holeReduction))
    }

    /// How far shift connections are from where they should be; nil if there are none.
    ///
    /// - Parameter cells: The numbers of missing cells, one a connection.
    func guidanceLoss(_ shifted: [ShiftedFeatures], _ batch: InpaintingBatch, cells: [Scalar]) -> Tensor? {
      let whole = input(batch.images, .zeros([1, batch.images.shape[1], batch.images.shape[2], 1]))
      return shifted.guidanceLoss(refinement.path, whole: whole, holes: batch.holes, cells: cells)
    }

    /// Pictures, ones (so that zeros at the borders can be told from grey), and the holes.
    private func input(_ pictures: Tensor, _ holes: Tensor) -> Tensor {
      let plane = Array(pictures.shape.dropLast()) + [1]
      return concatenate([pictures, .ones(plane), holes.expanded(to: plane)], axis: -1)
    }
  }
}
