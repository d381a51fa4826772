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
    var mean: Tensor
    var variance: Tensor

    mutating func step(
      _ gradient: Tensor, stepSize: Scalar, beta1: Scalar, beta2: Scalar, epsilon: Scalar, average: inout Tensor?,
      decay: Scalar
    ) {
      parameter.stepAdam(
        gradient: gradient, mean: &mean, variance: &variance, stepSize: stepSize, beta1: beta1, beta2: beta2,
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
        name: $0.name, parameter: $0.parameter, mean: .zeros($0.parameter.shape), variance: .zeros($0.parameter.shape))
    }
  }

  /// Updates every parameter by one step.
  ///
  /// - Parameters:
  ///   - gradients: One per parameter, in the same order.
  ///   - average: A moving average of the same parameters, which is updated in the same pass over memory.
  /// - Precondition: No tape is watching the parameters.
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
      for index in slots.indices { step(index, &none, 0) }
    }
  }

  /// The moments of every parameter, named `mean.` and `variance.` followed by the parameter's name. Together with
  /// `stepCount` they are the state to save in a checkpoint.
  package var moments: [(name: String, value: Tensor)] {
    slots.flatMap { [("mean." + $0.name, $0.mean), ("variance." + $0.name, $0.variance)] }
  }

  /// Restores a saved state, either completely or, if `tensor` throws, not at all.
  ///
  /// - Parameters:
  ///   - stepCount: The number of steps taken before the state was saved.
  ///   - tensor: Returns the moment of a name in `moments`, which must have the given shape.
  /// - Throws: Errors of `tensor`, or a `Failure` if a shape or the count is wrong.
  package func restore(stepCount: Int, from tensor: (_ name: String, _ shape: Shape) throws -> Tensor) throws {
    guard stepCount >= 0 else {
      throw Failure(.data, "optimizer: expected a step count of at least 0, found \(stepCount)")
    }
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
