import InpaintingModels
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

/// Phases of a model of two networks, of which each is trained alone and then both.
@Suite struct TrainingStateTests {
  private static let list: JSONValue = [
    ["phase": "first", "steps": 2], ["phase": "second", "steps": 2], ["phase": "both", "steps": 2],
  ]

  private func state(_ list: JSONValue = list, averageDecay: Double? = 0.9) throws -> TrainingState {
    try TrainingState(TwoStages(), phases: TwoStagesConfiguration().runPhases(list), averageDecay: averageDecay)
  }

  private func train(_ state: TrainingState, until step: Int, leaves: Int = 1) throws {
    let source = NoiseBatches(samples: 2 * leaves)
    for _ in 0..<state.batches { _ = source.next() }
    _ = try TrainingLoop(state, source: source, seed: 0, leafCount: leaves).run(until: step)
  }

  private func weights(_ network: TrainedNetwork) -> [[Scalar]] {
    network.module.parameters.map(\.value.elements) + network.moduleBuffers.map(\.value.elements)
  }

  @Test func `a phase changes its networks, and of others neither weights nor statistics`() throws {
    let state = try state(averageDecay: nil)
    let (coarse, fine) = (state.networks[0], state.networks[1])
    let start = (weights(coarse), weights(fine))
    try train(state, until: 2)
    let one = (weights(coarse), weights(fine))
    #expect(one.0 != start.0 && one.1 == start.1)
    try train(state, until: 4)
    let two = (weights(coarse), weights(fine))
    #expect(two.0 == one.0 && two.1 != one.1)
    #expect(zip(two.1, one.1).allSatisfy { $0 != $1 })
    try train(state, until: 6)
    #expect(weights(coarse) != two.0 && weights(fine) != two.1)
  }

  @Test(arguments: [2, 3]) func `leaves leave frozen statistics as they are`(_ leaves: Int) throws {
    let state = try state(averageDecay: nil)
    try train(state, until: 2, leaves: leaves)
    let frozen = weights(state.networks[0])
    try train(state, until: 4, leaves: leaves)
    #expect(weights(state.networks[0]) == frozen)
  }

  @Test func `each phase is begun before its first step, and again after a resume`() throws {
    let state = try state()
    let model = try #require(state.model as? TwoStages)
    #expect(model.begun == ["first"])
    try train(state, until: 2)
    #expect(model.begun == ["first"] && state.phaseName == "first")
    try train(state, until: 5)
    #expect(model.begun == ["first", "second", "both"] && state.phaseName == "both")
    let folder = try TemporaryFolder()
    let resumed = try resumed(state, in: folder)
    #expect((resumed.model as? TwoStages)?.begun.last == "both" && resumed.phaseName == "both")
  }

  @Test func `optimizers begin anew with a phase, and frozen networks have none`() throws {
    let state = try state([
      ["phase": "first", "steps": 2], ["phase": "first", "steps": 2], ["phase": "second", "steps": 2],
    ])
    try train(state, until: 2)
    #expect(state.networks.map(\.optimizerSteps) == [2, 0])
    try train(state, until: 3)
    #expect(state.networks.map(\.optimizerSteps) == [1, 0] && state.networks.map(\.averageUpdates) == [3, 0])
    try train(state, until: 6)
    #expect(state.networks.map(\.optimizerSteps) == [0, 2] && state.networks.map(\.averageUpdates) == [0, 2])
    let names = state.networks[0].tensors.map(\.name)
    #expect(!names.isEmpty && names.allSatisfy { $0.hasPrefix("coarse.") })
  }

  @Test func `a network that is frozen takes its moving average, and one that goes on keeps both`() throws {
    let state = try state([
      ["phase": "first", "steps": 3], ["phase": "first", "steps": 1], ["phase": "second", "steps": 1],
    ])
    let coarse = state.networks[0]
    func parameters() -> [[Scalar]] { coarse.module.parameters.map(\.value.elements) }
    func averages() -> [[Scalar]] { (coarse.average?.namedAverages ?? []).map(\.value.elements) }
    try train(state, until: 3)
    let (before, average) = (parameters(), averages())
    #expect(before != average)
    state.enterPhaseOfNextStep()
    #expect(parameters() == before && averages() == average)
    try train(state, until: 4)
    let last = averages()
    state.enterPhaseOfNextStep()
    #expect(parameters() == last && coarse.average == nil)
    try train(state, until: 5)
    #expect(parameters() == last)
  }

  @Test func `a frozen network is in evaluation mode, also after it was looked at`() throws {
    let state = try state()
    func modes() -> [Bool] {
      [\TwoStages.coarse, \.fine].compactMap { (state.model as? TwoStages)?[keyPath: $0].normalization.isTraining }
    }
    #expect(modes() == [true, false])
    try train(state, until: 3)
    #expect(modes() == [false, true])
    #expect(state.evaluating { _ in modes() } == [false, false])
    #expect(modes() == [false, true])
    try train(state, until: 5)
    #expect(modes() == [true, true])
  }

  @Test func `all averages are looked at together`() throws {
    let state = try state([["phase": "both", "steps": 3]])
    try train(state, until: 3)
    let own = state.networks.map { weights($0) }
    let averages = state.networks.map { ($0.average?.namedAverages ?? []).map(\.value.elements) }
    let shown = state.evaluating { $0.networks.map { $0.module.parameters.map(\.value.elements) } }
    #expect(shown == averages && state.networks.map { weights($0) } == own)
  }

  /// A state that goes on where another one is, through a checkpoint.
  private func resumed(_ state: TrainingState, in folder: TemporaryFolder) throws -> TrainingState {
    let store = CheckpointStore(folder: folder.file("step \(state.step)"), keep: 1)
    try FileWriter.createFolder(store.folder)
    try state.save(in: store, configuration: [:], pictures: nil)
    let resumed = try self.state()
    try resumed.restore(from: LoadedCheckpoint(path: store.path(step: state.step)))
    return resumed
  }

  @Test(arguments: 0...6) func `a run that was stopped after any step goes on bit for bit`(_ stop: Int) throws {
    let folder = try TemporaryFolder()
    let (straight, stopped) = (try state(), try state())
    try train(straight, until: 6)
    try train(stopped, until: stop)
    let resumed = try resumed(stopped, in: folder)
    #expect(resumed.step == stop && resumed.batches == stop)
    try train(resumed, until: 6)
    let (found, expected) = (resumed.networks.flatMap(\.tensors), straight.networks.flatMap(\.tensors))
    #expect(found.map(\.name) == expected.map(\.name) && expected.contains { $0.name == "average.fine.output.bias" })
    #expect(zip(found, expected).allSatisfy { areIdentical($0.value.elements, $1.value.elements) })
    #expect(resumed.networks.map(\.optimizerSteps) == straight.networks.map(\.optimizerSteps))
    #expect(resumed.networks.map(\.averageUpdates) == straight.networks.map(\.averageUpdates))
  }

  @Test func `validations are compared since other networks were trained`() throws {
    let state = try state([
      ["phase": "first", "steps": 1], ["phase": "second", "steps": 1], ["phase": "second", "steps": 1],
      ["phase": "first", "steps": 1],
    ])
    var found: [Int] = []
    for step in 1...4 {
      try train(state, until: step)
      found.append(state.stepsBeforeTheseNetworks)
    }
    #expect(found == [0, 1, 1, 3])
  }

  @Test func `a step that updates a frozen network is a fault of the program`() async {
    await #expect(processExitsWith: .failure) {
      let phases = try TwoStagesConfiguration().runPhases([["phase": "first", "steps": 2]])
      let state = TrainingState(TwoStages(), phases: phases, averageDecay: nil)
      (state.model as? TwoStages)?.updated = ["fine"]
      _ = try TrainingLoop(state, source: NoiseBatches(), seed: 0).run(until: 1)
    }
  }
}
