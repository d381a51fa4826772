import Support
package import Tensors

/// The random numbers of one step of training: a function of the run's seed and the step's number alone, so that a
/// resumed run draws what it would have drawn.
package struct StepRandomness: Sendable {
  private let seed: UInt64
  private let step: Int

  /// - Parameter step: The number of steps before this one.
  package init(seed: UInt64, step: Int) {
    self.seed = seed
    self.step = step
  }

  /// Uniform numbers in 0..<1 of the shape given.
  ///
  /// - Parameters:
  ///   - purpose: Their use; different purposes give independent numbers.
  ///   - occasion: The number of earlier draws for that purpose in this step.
  package func uniform(_ shape: Shape, purpose: String, occasion: Int = 0) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: purpose, step: step, sample: occasion)
    return .uniform(shape, from: &stream)
  }
}
