import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// A network with what training needs beside it: an optimiser, a schedule, perhaps a moving average.
final class TrainedNetwork {
  let name: String
  let module: any Module
  let average: ExponentialMovingAverage?
  private let adam: Adam
  private let configuration: OptimizerConfiguration
  private let parameters: [(name: String, parameter: Parameter)]
  private let buffers: [(name: String, buffer: Buffer)]

  init(name: String, module: any Module, optimizer: OptimizerConfiguration, averageDecay: Double?) {
    self.name = name
    self.module = module
    configuration = optimizer
    parameters = module.namedParameters
    buffers = module.namedBuffers
    adam = Adam(parameters, beta1: optimizer.beta1, beta2: optimizer.beta2, epsilon: optimizer.epsilon)
    average = averageDecay.map { ExponentialMovingAverage(of: module, decay: $0) }
  }

  var moduleBuffers: [Buffer] { buffers.map(\.buffer) }
  var optimizerSteps: Int { adam.stepCount }
  var averageUpdates: Int { average?.updateCount ?? 0 }

  /// The name of the first parameter whose gradient is not finite, if there is one.
  func brokenGradient(_ gradients: [Tensor]) -> String? {
    zip(parameters, gradients).first { !$1.isFinite }?.0.name
  }

  /// One step of the optimiser and of the moving average.
  func update(_ gradients: [Tensor]) {
    let rate = configuration.schedule.rate(at: adam.stepCount)
    adam.step(gradients: configuration.clipping(gradients), learningRate: rate, updating: average)
  }

  /// Everything that a checkpoint must hold, by name.
  var tensors: [(name: String, value: Tensor)] {
    let own = parameters.map { (self.name + "." + $0.name, $0.parameter.value) }
    let saved = buffers.map { (self.name + "." + $0.name, $0.buffer.value) }
    let moments = adam.moments.map { ("optimizer." + self.name + "." + $0.name, $0.value) }
    let averages = (average?.namedAverages ?? []).map { ("average." + self.name + "." + $0.name, $0.value) }
    return own + saved + moments + averages
  }

  /// Goes back to the state of a checkpoint.
  ///
  /// - Parameter index: The network's place in the order of the checkpoint's counts.
  func restore(from checkpoint: LoadedCheckpoint, index: Int) throws {
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
    try adam.restore(stepCount: fields.optimizerSteps[index]) {
      try checkpoint.tensor("optimizer." + name + "." + $0, $1)
    }
    try average?.restore(updateCount: fields.averageUpdates[index]) {
      try checkpoint.tensor("average." + name + "." + $0, $1)
    }
  }

  /// Runs `body` with the averaged parameters, if there is an average, in evaluation mode.
  func evaluating<Result>(_ body: () throws -> Result) rethrows -> Result {
    module.setTraining(false)
    defer { module.setTraining(true) }
    return try average?.withAveragedParameters(body) ?? body()
  }
}

extension TrainingConfiguration {
  /// A model's networks with what the configuration gives them. The first, which fills pictures, has the average.
  func trainedNetworks(of model: any InpaintingModel) -> [TrainedNetwork] {
    zip(model.networks, optimizers).enumerated().map { index, pair in
      TrainedNetwork(
        name: pair.0.name, module: pair.0.module, optimizer: pair.1,
        averageDecay: index == 0 ? training.averageDecay : nil)
    }
  }
}
