/// The examples of one training step.
package struct Batch: Sendable {
  /// The number of the step since the start of the run, from 0.
  package let number: Int
  package let examples: [Example]
  /// The time that `BatchLoader.next()` waited for it.
  package let secondsWaited: Double
}
