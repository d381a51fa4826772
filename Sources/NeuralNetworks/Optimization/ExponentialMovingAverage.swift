import Support
package import Tensors

/// An exponential moving average (EMA) of a module's parameters, which often inpaints better than the latest values
/// (Polyak and Juditsky, 1992).
///
/// After update n, counted from 0, average ← average + (1 − d) · (value − average), where d is
/// min(decay, (1 + n) / (10 + n)), so that the first values soon lose their weight.
package final class ExponentialMovingAverage {
  package let decay: Double
  /// The number of updates made.
  package private(set) var updateCount = 0

  private let parameters: [(name: String, parameter: Parameter)]
  private var averages: [Tensor]
  private var isSwappedIn = false

  /// Starts at the module's current values.
  package init(of module: any Module, decay: Double) {
    precondition((0..<1).contains(decay), "ExponentialMovingAverage: expected a decay in 0 ..< 1, found \(decay)")
    self.decay = decay
    parameters = module.namedParameters
    averages = parameters.map(\.parameter.value)
  }

  /// Updates the average with the current values; to be called after each optimizer step.
  package func update() {
    update(parameters.map(\.parameter)) { index, average, decay in
      average?.moveAverage(towards: parameters[index].parameter.value, decay: decay)
    }
  }

  /// Updates the averages by `step`, which is called for each parameter.
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
      // Moved out and back, so that it is changed in place and not copied.
      var average: Tensor? = averages[index]
      averages[index] = Self.empty
      step(index, &average, Scalar(decay))
      if let average { averages[index] = average }
    }
    updateCount += 1
  }

  private static let empty = Tensor.zeros([0])

  /// Runs `body` with the averages as the parameters' values, and restores the values afterwards.
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

  /// The averages under their parameters' names. Together with `updateCount` they are the state to save in a
  /// checkpoint.
  package var namedAverages: [(name: String, value: Tensor)] {
    zip(parameters, averages).map { ($0.name, $1) }
  }

  /// Restores a saved state, either completely or, if `tensor` throws, not at all.
  ///
  /// - Parameter tensor: Returns the average of a name in `namedAverages`, which must have the given shape.
  /// - Throws: Errors of `tensor`, or a `Failure` if a shape or the count is wrong.
  package func restore(updateCount: Int, from tensor: (_ name: String, _ shape: Shape) throws -> Tensor) throws {
    guard updateCount >= 0 else {
      throw Failure(.data, "moving average: expected an update count of at least 0, found \(updateCount)")
    }
    averages = try parameters.map { try read($0.name, $0.parameter.shape, tensor) }
    self.updateCount = updateCount
  }
}
