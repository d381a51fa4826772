import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// A network with its optimizer, learning-rate schedule and exponential moving average (EMA) of weights.
///
/// In phases that do not train the network it is frozen: it is in evaluation mode and has no optimizer and no average.
final class TrainedNetwork {
  let name: String
  let module: any Module
  /// The EMA of the weights; nil if the network has none, or is frozen.
  private(set) var average: ExponentialMovingAverage?
  /// Nil while the network is frozen.
  private var optimizer: (adam: Adam, configuration: OptimizerConfiguration)?
  /// The ranks among which the optimizer's moments are sharded (as in ZeRO stage 1); nil if each rank has all moments.
  private var sharers: (any Communicator)?
  /// The moments of all shards, on rank 0 while a checkpoint is written.
  private var gatheredMoments: [(name: String, value: Tensor)]?
  private let averageDecay: Double?
  private let parameters: [(name: String, parameter: Parameter)]
  private let buffers: [(name: String, buffer: Buffer)]

  /// Creates a frozen network; `begin` starts a phase that may train it.
  ///
  /// - Parameter averageDecay: The decay of the EMA, for networks that have one (`isAveraged`); nil for no EMA.
  init(_ network: Network, averageDecay: Double?) {
    name = network.name
    module = network.module
    self.averageDecay = network.isAveraged ? averageDecay : nil
    parameters = module.namedParameters
    buffers = module.namedBuffers
  }

  var moduleBuffers: [Buffer] { buffers.map(\.buffer) }
  var isTrained: Bool { optimizer != nil }
  /// The number of optimizer steps since the phase began; 0 while the network is frozen.
  var optimizerSteps: Int { optimizer?.adam.stepCount ?? 0 }
  var averageUpdates: Int { average?.updateCount ?? 0 }

  /// Begins a phase with a new optimizer, whose moments and step count are 0.
  ///
  /// The EMA of the phase before continues, or starts at the current parameters. When a network is frozen, its parameters
  /// are set to the EMA: later phases build on the weights that were validated.
  ///
  /// - Parameter configuration: The optimizer; nil freezes the network.
  func begin(_ configuration: OptimizerConfiguration?) {
    // Free the old moments before new ones are allocated.
    optimizer = nil
    if let configuration {
      let adam = Adam(
        parameters, beta1: configuration.beta1, beta2: configuration.beta2, epsilon: configuration.epsilon)
      optimizer = (adam, configuration)
      keepOwnMoments()
      average = average ?? averageDecay.map { ExponentialMovingAverage(of: module, decay: $0) }
    } else {
      for (entry, average) in zip(parameters, average?.namedAverages ?? []) { entry.parameter.assign(average.value) }
      average = nil
    }
    module.setTraining(isTrained)
  }

  /// Shards the optimizer's moments, in this phase and later ones: this rank keeps the moments of its segment of the
  /// flattened parameters, updates that segment, and receives the other segments from the other ranks.
  func divideOptimizer(among communicator: any Communicator) {
    sharers = communicator
    keepOwnMoments()
  }

  private func keepOwnMoments() {
    guard let sharers else { return }
    optimizer?.adam.keep(sharers.segment(of: parameterRow.count, rank: sharers.rank))
  }

  /// The flattened parameters, of which each rank updates a segment.
  private var parameterRow: ElementRow { ElementRow(counts: parameters.map(\.parameter.shape.elementCount)) }

  /// The name of the first parameter whose gradient is not finite; nil if all are.
  func brokenGradient(_ gradients: [Tensor]) -> String? {
    zip(parameters, gradients).first { !$1.isFinite }?.0.name
  }

  /// Performs one step of the optimizer and one update of the EMA.
  ///
  /// - Throws: The `Failure` with which another rank has ended, if the optimizer is sharded.
  /// - Precondition: The network is not frozen.
  func update(_ gradients: [Tensor]) throws {
    guard let (adam, configuration) = optimizer else {
      preconditionFailure("TrainedNetwork.update: the phase under way freezes \(name)")
    }
    let rate = configuration.schedule.rate(at: adam.stepCount)
    adam.step(
      gradients: configuration.clipping(gradients), learningRate: rate, updating: sharers == nil ? average : nil)
    guard let sharers else { return }
    let (row, parameters) = (parameterRow, parameters.map(\.parameter))
    try sharers.allGather(count: row.count) { elements, target in
      row.copy(elements, to: target) { index, body in parameters[index].value.withElements(body) }
    } replace: { elements, source in
      row.replace(elements, with: source) { index, body in parameters[index].update(body) }
    }
    average?.update()
  }

  /// Gathers the moments of all shards on rank 0, for its next checkpoint. Without sharding it does nothing.
  ///
  /// - Throws: The `Failure` with which another rank has ended.
  func gatherMoments() throws {
    guard let sharers, let adam = optimizer?.adam else { return }
    func whole(_ own: [Tensor]) throws -> [Tensor] {
      let (row, tensors) = (parameterRow, TensorBox(own))
      try sharers.allGather(count: row.count) { elements, target in
        row.copy(elements, to: target) { index, body in tensors.all[index].withElements(body) }
      } replace: { elements, source in
        row.replace(elements, with: source) { index, body in tensors.all[index].withMutableElements(body) }
      }
      // Other ranks free the means before the variances are gathered.
      return sharers.isFirst ? tensors.all : []
    }
    let (means, variances) = (try whole(adam.means), try whole(adam.variances))
    gatheredMoments = sharers.isFirst ? adam.named(means: means, variances: variances) : nil
  }

  /// Frees the gathered moments.
  func releaseGatheredMoments() { gatheredMoments = nil }

  /// The state dictionary of the network for a checkpoint: parameters, buffers, optimizer moments (`optimizer.` before the
  /// name) and EMA (`average.`). Sharded moments are complete after `gatherMoments` only.
  var tensors: [(name: String, value: Tensor)] {
    let own = parameters.map { (self.name + "." + $0.name, $0.parameter.value) }
    let saved = buffers.map { (self.name + "." + $0.name, $0.buffer.value) }
    let moments = (gatheredMoments ?? optimizer?.adam.moments ?? []).map {
      ("optimizer." + self.name + "." + $0.name, $0.value)
    }
    let averages = (average?.namedAverages ?? []).map { ("average." + self.name + "." + $0.name, $0.value) }
    return own + saved + moments + averages
  }

  /// Loads the state of a checkpoint, whose phase has begun (`begin`).
  ///
  /// - Parameter index: The network's position in the checkpoint's lists of optimizer steps and EMA updates.
  /// - Throws: `Failure` of the kind `data` if the checkpoint is of another model.
  func restore(from checkpoint: some SavedState, index: Int) throws {
    let fields = checkpoint.fields
    guard index < fields.optimizerSteps.count, index < fields.averageUpdates.count else {
      throw Failure(
        .data, "\(checkpoint.path): expected counts of the network \(name), found none; it is of another model.")
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

  /// Runs `body` in evaluation mode, with the EMA as parameters if there is one.
  func evaluating<Result>(_ body: () throws -> Result) rethrows -> Result {
    module.setTraining(false)
    defer { module.setTraining(isTrained) }
    return try average?.withAveragedParameters(body) ?? body()
  }
}

/// A reference to tensors, through which a closure changes them in place.
private final class TensorBox {
  var all: [Tensor]

  init(_ all: [Tensor]) { self.all = all }
}
