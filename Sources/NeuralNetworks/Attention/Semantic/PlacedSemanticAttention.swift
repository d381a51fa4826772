import Support
import Tensors

/// Semantic-wise attention propagation in a generator that predicts labels.
///
/// A position is missing if any pixel in it is, so that thin strokes are kept.
final class PlacedSemanticAttention: FeatureAttention {
  let propagation: SemanticPropagation
  private let site: AttentionSite

  init(_ propagation: SemanticPropagation, at site: AttentionSite) {
    self.propagation = propagation
    self.site = site
  }

  func callAsFunction(_ x: Tensor, _ inputs: AttentionInputs) -> Tensor {
    propagation(x, classes: classes(x, inputs), hole: hole(inputs))
  }

  func multiplyAdds(height: Int, width: Int) -> Int {
    propagation.attention.multiplyAdds(height: height, width: width, channels: site.channels)
      + height * width * 9 * site.channels * site.channels
  }

  func weights(ofRow row: Int, column: Int, in x: Tensor, _ inputs: AttentionInputs) -> Tensor? {
    let (classes, hole) = (classes(x, inputs), hole(inputs))
    let maps = (0..<x.shape[0]).map { sample in
      propagation.attention.weights(ofRow: row, column: column, sample: sample, in: x, classes: classes, hole: hole)
        .reshaped(to: [1, x.shape[1], x.shape[2]])
    }
    return concatenate(maps, axis: 0)
  }

  /// nil, because there is no public port.
  var ported: (any PortedModule)? { nil }

  private func hole(_ inputs: AttentionInputs) -> Tensor {
    site.scale == 1 ? inputs.holes : inputs.holes.maxPool(kernel: site.scale, stride: site.scale)
  }

  private func classes(_ x: Tensor, _ inputs: AttentionInputs) -> [Int] {
    guard let labels = inputs.labels else {
      preconditionFailure("PlacedSemanticAttention: expected labels, found none")
    }
    return labels.resizedNearest(height: x.shape[1], width: x.shape[2]).argmax()
  }
}

/// The factory of semantic-wise attention, which requires labels.
struct SemanticFactory: AttentionFactory {
  static let defaultPart = GeneratorPart.decoder
  static let isPorted = false
  static let needsLabels = true

  private let patchSize: Int
  private let scale: Double

  init(_ reader: JSONReader, featureSize: Int) throws {
    patchSize = try reader.integer("kernel", in: 1...7, default: 3)
    guard patchSize % 2 == 1 else { throw reader.failure("`kernel`: expected an odd number, found \(patchSize)") }
    scale = try reader.real("sharpness", in: .positive, default: 10)
  }

  func problem(at site: AttentionSite) -> String? {
    if !site.hasLabels { return "features draw from those of their class, and no labels are predicted there" }
    return site.channels % 4 == 0
      ? nil : "its four convolutions share the channels, whose number must be a multiple of 4"
  }

  func make(_ context: AttentionContext) -> PlacedAttention {
    let propagation = SemanticPropagation(
      channels: context.site.channels, attention: SemanticAttention(patchSize: patchSize, scale: Scalar(scale)),
      initialization: context.initialization["propagation"])
    return .features(PlacedSemanticAttention(propagation, at: context.site))
  }
}
