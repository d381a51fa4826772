import NeuralNetworks
import Support
import Tensors

/// An attention by itself, on features of its own, to see what it costs.
final class AttentionTrial {
  private let attention: PlacedAttention
  private let inputs: AttentionInputs
  private let joins: Bool
  /// Everything that its gradient is wanted of beside the features.
  let parameters: [Parameter]
  /// Multiply-adds of one call.
  let multiplyAdds: Int

  /// - Parameters:
  ///   - kind: One of `AttentionRegistry.namesWithoutLabels`, with its usual options.
  ///   - size: The height and width of the features; the hole is a square of half of that in the middle.
  /// - Throws: `Failure` of the kind `configuration` if there is no such attention for so many channels.
  init(kind: String, channels: Int, size: Int, seed: UInt64) throws {
    let reader = try JSONReader(["kind": JSONValue(kind)], source: "the usual options")
    let part = try AttentionRegistry.usualPart(of: kind)
    let site = AttentionSite(part, scale: 1, channels: channels, sizeMultiple: 2, isAdded: true)
    let factory = try AttentionRegistry.factory(reader, at: site, pictureSize: size).factory
    attention = factory.make(
      AttentionContext(site: site, contextual: ContextualAttention(), initialization: Initialization(seed: seed)))
    parameters = attention.module.parameters
    multiplyAdds = attention.multiplyAdds(height: size, width: size, channels: channels)
    joins = part == .skip
    let quarter = size / 4
    let row = (0..<size).map { Scalar((quarter..<size - quarter).contains($0) ? 1 : 0) }
    let hole = Tensor(row, shape: [1, size, 1, 1]) * Tensor(row, shape: [1, 1, size, 1])
    inputs = AttentionInputs(holes: hole, pictures: .zeros([1, size, size, 3])) { holes, divisor in
      holes.resizedNearest(height: size / divisor, width: size / divisor, rule: .floor)
    }
  }

  /// Its output for features, [1, size, size, channels]; on a skip connection, for a decoder's that are the same.
  func callAsFunction(_ features: Tensor) -> Tensor {
    if case .features(let attention) = attention, !joins { return attention(features, inputs) }
    return attention.joined(decoded: features, encoded: features, inputs)
  }
}
