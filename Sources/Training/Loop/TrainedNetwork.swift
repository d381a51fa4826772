import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// A network with what training needs beside it: in phases that train it an optimizer, a schedule, perhaps a moving average.
///
/// In all other phases it is frozen: in evaluation mode, with nothing that could change it.
final class TrainedNetwork {
  let name: String
  let module: any Module
  /// Nil if there is none, and while the network is frozen.
  private(set) var average: ExponentialMovingAverage?
  private var optimizer: (adam: Adam, configuration: OptimizerConfiguration)?
  private let averageDecay: Double?
  private let parameters: [(name: String, parameter: Parameter)]
  private let buffers: [(name: String, buffer: Buffer)]

  /// A frozen network, until a phase begins.
  ///
  /// - Parameter averageDecay: The decay of the moving average; nil for none.
  init(_ network: Network, averageDecay: Double?) {
    name = network.name
    module = network.module
    self.averageDecay = network.isAveraged ? averageDecay : nil
    parameters = module.namedParameters
    buffers = module.namedBuffers
  }

  var moduleBuffers: [Buffer] { buffers.map(\.buffer) }
  var isTrained: Bool { optimizer != nil }
  /// The steps since the phase began.
  var optimizerSteps: Int { optimizer?.adam.stepCount ?? 0 }
  var averageUpdates: Int { average?.updateCount ?? 0 }

  /// Begins a phase, with an optimizer that has made no step yet.
  ///
  /// A moving average goes on, or starts at the present parameters. A network that is frozen from here on takes it as its
  /// parameters: what was validated is what later phases build on.
  ///
  /// - Parameter configuration: The optimizer; nil freezes the network.
  func begin(_ configuration: OptimizerConfiguration?) {
    // The old moments go before new ones come.
    optimizer = nil
    if let configuration {
      let adam = Adam(
        parameters, beta1: configuration.beta1, beta2: configuration.beta2, epsilon: configuration.epsilon)
      optimizer = (adam, configuration)
      average = average ?? averageDecay.map { ExponentialMovingAverage(of: module, decay: $0) }
    } else {
      for (entry, average) in zip(parameters, average?.namedAverages ?? []) { entry.parameter.assign(average.value) }
      average = nil
    }
    module.setTraining(isTrained)
  }

  /// The name of the first parameter whose gradient is not finite, if there is one.
  func brokenGradient(_ gradients: [Tensor]) -> String? {
    zip(parameters, gradients).first { !$1.isFinite }?.0.name
  }

  /// One step of the optimizer and of the moving average.
  ///
  /// - Precondition: The network is not frozen.
  func update(_ gradients: [Tensor]) {
    guard let (adam, configuration) = optimizer else {
      preconditionFailure("TrainedNetwork.update: the phase under way freezes \(name)")
    }
    let rate = configuration.schedule.rate(at: adam.stepCount)
    adam.step(gradients: configuration.clipping(gradients), learningRate: rate, updating: average)
  }

  /// Everything that a checkpoint must hold, by name.
  var tensors: [(name: String, value: Tensor)] {
    let own = parameters.map { (self.name + "." + $0.name, $0.parameter.value) }
    let saved = buffers.map { (self.name + "." + $0.name, $0.buffer.value) }
    let moments = (optimizer?.adam.moments ?? []).map { ("optimizer." + self.name + "." + $0.name, $0.value) }
    let averages = (average?.namedAverages ?? []).map { ("average." + self.name + "." + $0.name, $0.value) }
    return own + saved + moments + averages
  }

  /// Goes back to the state of a checkpoint of the phase that has begun.
  ///
  /// - Parameter index: The network's position in the order of the checkpoint's counts.
  func restore(from checkpoint: some SavedState, index: Int) throws {
    let fields = checkpoint.fields
    guard index < fields.optimizerSteps.count, index < fields.averageUpdates.count else {
      throw Failure(.data, "\(checkpoint.path) has no counts for the network \(name): it is of another model.")
    }
    for entry in parameters {
      entry.parameter.assign(try checkpoint.tensor(name + "." + entry.name, entry.parameter.shape))
    }
    for entry in buffers {
      entry.buffer.value = try checkpoint.tensor(name + "." + entry.name, entry.buffer.value.shape)
    }
    try optimizer?.adam.restore(stepCount: fields.optimizerSteps[index]) {
      try checkpoint.tensor("optimizer." + name + "." + $0, $1)
    }
    try average?.restore(updateCount: fields.averageUpdates[index]) {
      try checkpoint.tensor("average." + name + "." + $0, $1)
    }
  }

  /// Runs `body` with the averaged parameters, if there is an average, in evaluation mode.
  func evaluating<Result>(_ body: () throws -> Result) rethrows -> Result {
    module.setTraining(false)
    defer { module.setTraining(isTrained) }
    return try average?.withAveragedParameters(body) ?? body()
  }
}
