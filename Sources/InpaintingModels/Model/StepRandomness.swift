import Support
import Tensors

/// The random numbers of one step of training: a function of the run's seed and the step's number alone, so that a
/// resumed run draws what it would have drawn.
package struct StepRandomness: Sendable {
  private let seed: UInt64
  private let step: Int

  /// - Parameter step: How many steps were made before this one.
  package init(seed: UInt64, step: Int) {
    self.seed = seed
    self.step = step
  }

  /// Uniform numbers in 0..<1 of the shape given.
  ///
  /// - Parameters:
  ///   - purpose: What they are for; different purposes give independent numbers.
  ///   - occasion: Which time in this step they are drawn for that purpose.
  package func uniform(_ shape: Shape, purpose: String, occasion: Int = 0) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: purpose, step: step, sample: occasion)
    return Tensor(shape: shape) { elements in
      for index in elements.indices { elements[index] = Scalar(stream.uniform()) }
    }
  }
}
