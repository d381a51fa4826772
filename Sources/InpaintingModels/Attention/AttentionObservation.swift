import NeuralNetworks
import Tensors

/// The features that came to a generator's attentions while it filled pictures, for people who want to see where
/// attention looks. Collected only for those who ask.
///
/// ```swift
/// let observation = AttentionObservation { _ = model.fill(batch) }
/// let weights = model.insertions[0].weights(ofRow: 3, column: 4, in: observation)
/// ```
package final class AttentionObservation {
  typealias Input = (features: Tensor, surroundings: AttentionSurroundings)

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

  func input(of number: Int) -> Input? { inputs[number] }

  static func note(_ number: Int, _ features: Tensor, _ surroundings: AttentionSurroundings) {
    collector?.observation.inputs[number] = (features.detached(), surroundings)
  }
}
