import NeuralNetworks
import Tensors

/// An attention that a configuration put into a generator: its kind, its cost, and the positions it looks at.
package struct AttentionInsertion {
  package let site: AttentionSite
  package let parameterCount: Int
  let number: Int
  let entry: AttentionEntry
  let layer: PlacedAttention

  init(_ number: Int, _ entry: AttentionEntry, at site: AttentionSite, _ layer: PlacedAttention) {
    self.number = number
    self.entry = entry
    self.site = site
    self.layer = layer
    parameterCount = layer.module.parameterCount
  }

  /// The value of `kind` in configurations.
  package var kind: String { entry.name }

  /// The file that its parameters start from in a fresh model; nil if there is none.
  package var weights: AttentionWeights? { entry.weights }

  /// Multiply-adds for a square picture.
  package func multiplyAdds(pictureSize: Int) -> Int {
    let size = max(1, pictureSize / site.scale)
    return layer.multiplyAdds(height: size, width: size, channels: site.channels)
  }

  /// Weights with which one position of its features draws from all positions, for each picture.
  ///
  /// - Returns: [batch, height, width], or fractions of the features' height and width; nil if there is no such map.
  package func weights(ofRow row: Int, column: Int, in observation: AttentionObservation) -> Tensor? {
    guard case .features(let attention) = layer, let input = observation.input(of: number) else { return nil }
    return attention.weights(ofRow: row, column: column, in: input.features, input.inputs)
  }

  /// The position from which each position draws most, for each picture; nil if it is not known without asking position
  /// by position.
  package func argmaxMaps(in observation: AttentionObservation) -> [AttentionMap]? {
    guard case .features(let attention) = layer, let input = observation.input(of: number) else { return nil }
    return attention.argmaxMaps(input.features, input.inputs)
  }
}

/// The features that came to a generator's attentions while it filled pictures, for people who want to see where
/// attention looks. Collected only for those who ask.
///
/// ```swift
/// let observation = AttentionObservation { _ = model.fill(batch) }
/// let weights = model.insertions[0].weights(ofRow: 3, column: 4, in: observation)
/// ```
package final class AttentionObservation {
  typealias Input = (features: Tensor, inputs: AttentionInputs)

  /// By the number of the attention in the configuration.
  private var inputs: [Int: Input] = [:]

  @TaskLocal private static var collector: Collector?

  private struct Collector: @unchecked Sendable {
    // Only the task that it was made on writes to it.
    unowned let observation: AttentionObservation
  }

  /// - Parameter function: Fills pictures.
  package init(of function: () -> Void) {
    Self.$collector.withValue(Collector(observation: self), operation: function)
  }

  /// Runs a function whose attentions nobody is shown, and returns its value.
  static func paused<Value>(_ function: () -> Value) -> Value { $collector.withValue(nil, operation: function) }

  func input(of number: Int) -> Input? { inputs[number] }

  static func note(_ number: Int, _ features: Tensor, _ inputs: AttentionInputs) {
    collector?.observation.inputs[number] = (features.detached(), inputs)
  }
}
