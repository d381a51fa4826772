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
  /// The processes among which the optimizer's moments are divided; nil if each has all.
  private var sharers: (any Communicator)?
  /// The moments of all processes, while a checkpoint is written.
  private var gatheredMoments: [(name: String, value: Tensor)]?
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
      keepOwnMoments()
      average = average ?? averageDecay.map { ExponentialMovingAverage(of: module, decay: $0) }
    } else {
      for (entry, average) in zip(parameters, average?.namedAverages ?? []) { entry.parameter.assign(average.value) }
      average = nil
    }
    module.setTraining(isTrained)
  }

  /// Divides the optimizer's moments, now and in later phases: this process keeps those of its segment of all parameters'
  /// elements, and gets the new values of others.
  func divideOptimizer(among communicator: any Communicator) {
    sharers = communicator
    keepOwnMoments()
  }

  private func keepOwnMoments() {
    guard let sharers else { return }
    optimizer?.adam.keep(sharers.segment(of: parameterRow.count, rank: sharers.rank))
  }

  private var parameterRow: ElementRow { ElementRow(counts: parameters.map(\.parameter.shape.elementCount)) }

  /// The name of the first parameter whose gradient is not finite, if there is one.
  func brokenGradient(_ gradients: [Tensor]) -> String? {
    zip(parameters, gradients).first { !$1.isFinite }?.0.name
  }

  /// One step of the optimizer and of the moving average.
  ///
  /// - Throws: The `Failure` of a process that gave up, where the optimizer is divided.
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
    try sharers.complete(rowOf: row.count) { elements, target in
      row.copy(elements, to: target) { index, body in parameters[index].value.withElements(body) }
    } replace: { elements, source in
      row.replace(elements, with: source) { index, body in parameters[index].update(body) }
    }
    average?.update()
  }

  /// Gives the first process the moments that others have, for its next checkpoint; nothing to do where each has all.
  ///
  /// - Throws: The `Failure` of a process that gave up.
  func gatherMoments() throws {
    guard let sharers, let adam = optimizer?.adam else { return }
    func whole(_ own: [Tensor]) throws -> [Tensor] {
      let (row, tensors) = (parameterRow, TensorBox(own))
      try sharers.complete(rowOf: row.count) { elements, target in
        row.copy(elements, to: target) { index, body in tensors.all[index].withElements(body) }
      } replace: { elements, source in
        row.replace(elements, with: source) { index, body in tensors.all[index].withMutableElements(body) }
      }
      // All but the first let go of one kind before the next.
      return sharers.isFirst ? tensors.all : []
    }
    let (means, variances) = (try whole(adam.means), try whole(adam.variances))
    gatheredMoments = sharers.isFirst ? adam.named(means: means, variances: variances) : nil
  }

  /// Lets go of the moments that others have.
  func releaseGatheredMoments() { gatheredMoments = nil }

  /// Everything that a checkpoint must hold, by name; of divided moments after `gatherMoments`.
  var tensors: [(name: String, value: Tensor)] {
    let own = parameters.map { (self.name + "." + $0.name, $0.parameter.value) }
    let saved = buffers.map { (self.name + "." + $0.name, $0.buffer.value) }
    let moments = (gatheredMoments ?? optimizer?.adam.moments ?? []).map {
      ("optimizer." + self.name + "." + $0.name, $0.value)
    }
    let averages = (average?.namedAverages ?? []).map { ("average." + self.name + "." + $0.name, $0.value) }
    return own + saved + moments + averages
  }

  /// Goes back to the state of a checkpoint of the phase that has begun.
  ///
  /// - Parameter index: The network's position in the order of the checkpoint's counts.
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

  /// Runs `body` with the averaged parameters, if there is an average, in evaluation mode.
  func evaluating<Result>(_ body: () throws -> Result) rethrows -> Result {
    module.setTraining(false)
    defer { module.setTraining(isTrained) }
    return try average?.withAveragedParameters(body) ?? body()
  }
}

/// Tensors that are changed in place by whoever holds it.
private final class TensorBox {
  var all: [Tensor]

  init(_ all: [Tensor]) { self.all = all }
}
