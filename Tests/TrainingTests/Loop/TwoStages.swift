import InpaintingData
import InpaintingModels
import NeuralNetworks
import Support
import Tensors

@testable import Training

/// A model of two networks that are trained one after the other, and then together: the second goes on from the pictures of
/// the first.
final class TwoStages: InpaintingModel {
  /// With all kinds of buffers.
  final class Stage: Module {
    let convolution: Conv2d
    let normalization: BatchNorm2d
    let output: Conv2d

    init(_ initialization: Initialization) {
      convolution = Conv2d(
        inputChannels: 3, outputChannels: 4, kernel: 3, spectrallyNormalized: true,
        initialization: initialization["convolution"])
      normalization = BatchNorm2d(channels: 4, activation: .relu)
      output = Conv2d(inputChannels: 4, outputChannels: 3, kernel: 3, initialization: initialization["output"])
    }

    func callAsFunction(_ x: Tensor) -> Tensor { x.through(convolution, normalization, output) }
  }

  static let first = TrainingPhase(name: "first", networks: ["coarse"])
  static let second = TrainingPhase(name: "second", networks: ["fine"])
  static let both = TrainingPhase(name: "both", networks: ["coarse", "fine"])

  let (coarse, fine): (Stage, Stage)
  let networks: [Network]
  /// The names of the phases that were begun.
  private(set) var begun: [String] = []
  /// The networks that a step updates.
  var updated: [String] = []

  init(seed: UInt64 = 0) {
    let initialization = Initialization(seed: seed)
    coarse = Stage(initialization["coarse"])
    fine = Stage(initialization["fine"])
    networks = [Network("coarse", coarse, isAveraged: true), Network("fine", fine, isAveraged: true)]
  }

  var sizeMultiple: Int { 1 }

  func begin(_ phase: TrainingPhase) {
    begun.append(phase.name)
    updated = phase.networks
  }

  func trainingStep(_ step: some TrainingStep) throws {
    let batch = try step.nextBatch()
    for network in networks where updated.contains(network.name) {
      try step.update(over: batch) { leaf in
        let tape = Tape(watching: network.module.parameters)
        let loss = tape.record { abs(fill(leaf.batch).completed - leaf.batch.images).mean() }
        return NetworkUpdate(
          network: network.name, gradients: tape.gradients(of: loss), terms: [LossTerm(network.name, loss)])
      }
    }
  }

  func fill(_ batch: InpaintingBatch) -> Prediction {
    let coarse = coarse(batch.known)
    return Prediction(stages: [.init("coarse", coarse)], completed: updated == ["coarse"] ? coarse : fine(coarse))
  }
}

/// The configuration of such a model.
struct TwoStagesConfiguration: ModelConfiguration {
  static let weightLayouts: [WeightLayout] = []
  static func settings(ofShapes shape: (String, String) -> Shape?) -> [(key: String, value: JSONValue?)] { [] }

  init() {}
  init(model: JSONReader, losses: JSONReader, training: JSONReader) {}

  let networkNames = ["coarse", "fine"]
  let phases = [TwoStages.first, TwoStages.second, TwoStages.both]
  let sizeMultiple = 1
  func learningRate(of network: String, in phase: TrainingPhase) -> Double {
    phase == TwoStages.both ? 1e-3 : 1e-2
  }
  func makeModel(seed: UInt64) -> any InpaintingModel { TwoStages(seed: seed) }

  /// The phases of a run, as a configuration's sections say them.
  func runPhases(_ list: JSONValue, optimizers: JSONValue = [:]) throws -> [RunPhase] {
    let root = try JSONReader(["training": ["phases": list], "optimizers": optimizers], source: "test.json")
    let section = try root.object("optimizers")
    for network in networkNames { _ = section.value(network) }
    let entries = try RunPhase.Entry.all(in: root.object("training"), model: self)
    let phases = try (entries ?? []).map { try RunPhase($0, optimizers: section, model: self) }
    try root.finish()
    return phases
  }
}
