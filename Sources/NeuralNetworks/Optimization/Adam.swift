import Support
package import Tensors

/// Adam (Kingma and Ba, 2015), in the form that the paper calls more efficient and TensorFlow uses.
///
/// With t counted from 1: value ← value − rate · √(1 − β2ᵗ) / (1 − β1ᵗ) · m / (√v + ε). PyTorch divides √v by
/// √(1 − β2ᵗ) before it adds ε, so its ε corresponds to √(1 − β2ᵗ) · ε here; the two agree to within ε / √v.
package final class Adam {
  package let beta1: Double
  package let beta2: Double
  package let epsilon: Double
  /// The number of steps taken, t.
  package private(set) var stepCount = 0

  private struct Slot {
    let name: String
    let parameter: Parameter
    /// The elements that the moments are of, in row-major order.
    var elements: Range<Int>
    var mean: Tensor
    var variance: Tensor

    mutating func step(
      _ gradient: Tensor, stepSize: Scalar, beta1: Scalar, beta2: Scalar, epsilon: Scalar, average: inout Tensor?,
      decay: Scalar
    ) {
      parameter.stepAdam(
        elements, gradient: gradient, mean: &mean, variance: &variance, stepSize: stepSize, beta1: beta1, beta2: beta2,
        epsilon: epsilon, average: &average, decay: decay)
    }
  }

  private var slots: [Slot]

  /// - Parameters:
  ///   - parameters: The parameters to optimize, such as a module's `namedParameters`.
  ///   - beta1, beta2: The decay rates of the moments, in 0 ..< 1.
  package init(
    _ parameters: [(name: String, parameter: Parameter)], beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8
  ) {
    precondition(
      (0..<1).contains(beta1) && (0..<1).contains(beta2) && epsilon > 0,
      "Adam: expected beta1 (\(beta1)) and beta2 (\(beta2)) in 0 ..< 1 and epsilon (\(epsilon)) above 0")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    slots = parameters.map {
      Slot(
        name: $0.name, parameter: $0.parameter, elements: 0..<$0.parameter.shape.elementCount,
        mean: .zeros($0.parameter.shape), variance: .zeros($0.parameter.shape))
    }
  }

  /// Keeps the moments of some elements and lets go of all others, which it will never change again.
  ///
  /// - Parameter elements: A range of all parameters' elements, one parameter after the other.
  package func keep(_ elements: Range<Int>) {
    var start = 0
    for index in slots.indices {
      let count = slots[index].parameter.shape.elementCount
      precondition(slots[index].elements == 0..<count, "Adam.keep: some moments were let go of before")
      let kept = elements.clamped(to: start..<start + count)
      let own = kept.isEmpty ? 0..<0 : kept.lowerBound - start..<kept.upperBound - start
      slots[index].elements = own
      slots[index].mean = slots[index].mean.elements(own)
      slots[index].variance = slots[index].variance.elements(own)
      start += count
    }
  }

  /// Updates every parameter by one step, as far as its moments are kept.
  ///
  /// - Parameters:
  ///   - gradients: One per parameter, in the same order.
  ///   - average: A moving average of the same parameters, which is updated in the same pass over memory.
  /// - Precondition: No tape is watching the parameters, and the moments of all elements are kept if there is an average.
  package func step(
    gradients: [Tensor], learningRate: Double, updating average: ExponentialMovingAverage? = nil
  ) {
    precondition(
      gradients.count == slots.count, "Adam: expected \(slots.count) gradients, found \(gradients.count)")
    stepCount += 1
    let correction = (1 - power(beta2, stepCount)).squareRoot() / (1 - power(beta1, stepCount))
    func step(_ index: Int, _ average: inout Tensor?, _ decay: Scalar) {
      slots[index].step(
        gradients[index], stepSize: Scalar(learningRate * correction), beta1: Scalar(beta1), beta2: Scalar(beta2),
        epsilon: Scalar(epsilon), average: &average, decay: decay)
    }
    if let average {
      average.update(slots.map(\.parameter), by: step)
    } else {
      var none: Tensor?
      for index in slots.indices where !slots[index].elements.isEmpty { step(index, &none, 0) }
    }
  }

  /// The moments of every parameter, named `mean.` and `variance.` followed by the parameter's name. Together with
  /// `stepCount` they are the state to save in a checkpoint.
  package var moments: [(name: String, value: Tensor)] { named(means: means, variances: variances) }

  /// The moments of each kind in the shapes of the parameters and in their order; 0 where they are not kept.
  package var means: [Tensor] { slots.map { $0.mean.placed(at: $0.elements, in: $0.parameter.shape) } }
  package var variances: [Tensor] { slots.map { $0.variance.placed(at: $0.elements, in: $0.parameter.shape) } }

  /// Moments of each kind under their names in `moments`.
  package func named(means: [Tensor], variances: [Tensor]) -> [(name: String, value: Tensor)] {
    slots.indices.flatMap { index in
      [("mean." + slots[index].name, means[index]), ("variance." + slots[index].name, variances[index])]
    }
  }

  /// Restores a saved state, either completely or, if `tensor` throws, not at all.
  ///
  /// - Parameters:
  ///   - stepCount: The number of steps taken before the state was saved.
  ///   - tensor: Returns the moment of a name in `moments`, which must have the given shape.
  /// - Throws: Errors of `tensor`, or a `Failure` if a shape or the count is wrong.
  /// - Precondition: The moments of all elements are kept.
  package func restore(stepCount: Int, from tensor: (_ name: String, _ shape: Shape) throws -> Tensor) throws {
    guard stepCount >= 0 else {
      throw Failure(.data, "optimizer: expected a step count of at least 0, found \(stepCount)")
    }
    precondition(
      slots.allSatisfy { $0.elements.count == $0.parameter.shape.elementCount },
      "Adam.restore: some moments were let go of")
    var restored = slots
    for index in restored.indices {
      let (name, shape) = (slots[index].name, slots[index].parameter.shape)
      restored[index].mean = try read("mean." + name, shape, tensor)
      restored[index].variance = try read("variance." + name, shape, tensor)
    }
    slots = restored
    self.stepCount = stepCount
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    // By squaring: the same on every machine, whatever its libm.
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}

extension Tensor {
  /// Some of the elements, in row-major order, as a tensor of one axis.
  fileprivate func elements(_ range: Range<Int>) -> Tensor {
    Tensor(shape: [range.count]) { target in
      withElements { _ = target.update(fromContentsOf: UnsafeBufferPointer(rebasing: $0[range])) }
    }
  }

  /// A tensor of another shape that has these elements at `range` and 0 elsewhere; this one if they are all.
  fileprivate func placed(at range: Range<Int>, in shape: Shape) -> Tensor {
    guard self.shape != shape else { return self }
    return Tensor(shape: shape) { target in
      target.update(repeating: 0)
      withElements { _ = UnsafeMutableBufferPointer(rebasing: target[range]).update(fromContentsOf: $0) }
    }
  }
}

/// The tensor of a name, checked for its shape.
func read(
  _ name: String, _ shape: Shape, _ tensor: (_ name: String, _ shape: Shape) throws -> Tensor
) throws -> Tensor {
  let value = try tensor(name, shape)
  guard value.shape == shape else {
    throw Failure(.data, "tensor \(name): expected shape \(shape), found \(value.shape); it is of another network")
  }
  return value.detached()
}
