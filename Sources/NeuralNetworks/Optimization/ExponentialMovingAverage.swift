import Support
package import Tensors

/// A slowly moving average of a module's parameters, which often fills better than the newest values (Polyak and
/// Juditsky, 1992).
///
/// After the n-th update, counted from 0, average ← average + (1 − d) · (value − average), where d is
/// min(decay, (1 + n) / (10 + n)), so that the first values are soon forgotten.
package final class ExponentialMovingAverage {
  package let decay: Double
  /// The number of updates made.
  package private(set) var updateCount = 0

  private let parameters: [(name: String, parameter: Parameter)]
  private var averages: [Tensor]
  private var isSwappedIn = false

  /// Starts at the module's present values.
  package init(of module: any Module, decay: Double) {
    precondition((0..<1).contains(decay), "ExponentialMovingAverage: expected a decay in 0 ..< 1, found \(decay)")
    self.decay = decay
    parameters = module.namedParameters
    averages = parameters.map(\.parameter.value)
  }

  /// Takes the present values into the average: call it after each step of the optimizer.
  package func update() {
    update(parameters.map(\.parameter)) { index, average, decay in
      average?.moveAverage(towards: parameters[index].parameter.value, decay: decay)
    }
  }

  /// Lets `step` take new values into the average of each of the parameters.
  ///
  /// - Precondition: The parameters are those that are averaged, in their order.
  func update(
    _ stepped: [Parameter], by step: (_ index: Int, _ average: inout Tensor?, _ decay: Scalar) -> Void
  ) {
    precondition(!isSwappedIn, "ExponentialMovingAverage.update: the averages are swapped in")
    precondition(
      stepped.elementsEqual(parameters, by: { $0 === $1.parameter }),
      "ExponentialMovingAverage.update: these are not the parameters that are averaged")
    let count = Double(updateCount)
    let decay = min(decay, (1 + count) / (10 + count))
    for index in averages.indices {
      // Moved out and in again, so that it is changed in place and not in a copy.
      var average: Tensor? = averages[index]
      averages[index] = Self.empty
      step(index, &average, Scalar(decay))
      if let average { averages[index] = average }
    }
    updateCount += 1
  }

  private static let empty = Tensor.zeros([0])

  /// Runs `body` while the module's parameters have their averages as values, and puts their own back.
  package func withAveragedParameters<Result>(_ body: () throws -> Result) rethrows -> Result {
    precondition(!isSwappedIn, "ExponentialMovingAverage: the averages are swapped in already")
    let own = parameters.map(\.parameter.value)
    isSwappedIn = true
    for (entry, average) in zip(parameters, averages) { entry.parameter.assign(average) }
    defer {
      for (entry, value) in zip(parameters, own) { entry.parameter.assign(value) }
      isSwappedIn = false
    }
    return try body()
  }

  /// The averages under their parameters' names. With `updateCount` they are all that a checkpoint needs.
  package var namedAverages: [(name: String, value: Tensor)] {
    zip(parameters, averages).map { ($0.name, $1) }
  }

  /// Goes back to a state that was saved; either wholly or, if `tensor` throws, not at all.
  ///
  /// - Parameter tensor: Gives the average of a name in `namedAverages`, which must have the shape given.
  /// - Throws: What `tensor` throws, or a `Failure` if a shape or the count is wrong.
  package func restore(updateCount: Int, from tensor: (_ name: String, _ shape: Shape) throws -> Tensor) throws {
    guard updateCount >= 0 else {
      throw Failure(.data, "moving average: expected an update count of at least 0, found \(updateCount)")
    }
    averages = try parameters.map { try read($0.name, $0.parameter.shape, tensor) }
    self.updateCount = updateCount
  }
}
