import NeuralNetworks
import Tensors
import Testing

@testable import Support
@testable import Training

@Suite struct RunPhaseTests {
  private func phases(_ list: JSONValue, optimizers: JSONValue = [:]) throws -> [RunPhase] {
    try TwoStagesConfiguration().runPhases(list, optimizers: optimizers)
  }

  @Test func `phases follow one another, each with the networks that it trains, and may come again`() throws {
    let found = try phases([
      ["phase": "first", "steps": 3], ["phase": "both", "steps": 5], ["phase": "first", "steps": 1],
    ])
    #expect(found.map(\.name) == ["first", "both", "first"] && found.map(\.steps) == [0..<3, 3..<8, 8..<9])
    #expect(found.map { $0.optimizers.map(\.network) } == [["coarse"], ["coarse", "fine"], ["coarse"]])
    #expect(found.map { $0.optimizers[0].schedule.base } == [1e-2, 1e-3, 1e-2])
    #expect((0...10).map { found.position(ofStep: $0) } == [0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2])
    #expect((0...10).map { found.begun(by: $0).count } == [1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3])
    #expect(found.summary == "first 3, both 5, first 1")
  }

  @Test func `what a phase says replaces the section, and a schedule counts the phase's steps`() throws {
    let found = try phases(
      [
        ["phase": "first", "steps": 30],
        [
          "phase": "both", "steps": 50,
          "optimizers": ["coarse": ["learning_rate": 0.5, "schedule": ["name": "constant"]]],
        ],
      ],
      optimizers: [
        "coarse": ["learning_rate": 0.25, "beta1": 0.75, "schedule": ["name": "cosine", "warm_up_steps": 2]],
        "fine": ["schedule": ["name": "cosine"]],
      ])
    let (first, both) = (found[0].optimizers[0], found[1].optimizers)
    #expect(
      first.schedule == LearningRateSchedule(base: 0.25, decay: .cosine(steps: 30, final: 0), warmUpSteps: 2)
        && first.beta1 == 0.75)
    #expect(both[0].schedule == LearningRateSchedule(base: 0.5) && both[0].beta1 == 0.75)
    #expect(both[1].schedule == LearningRateSchedule(base: 1e-3, decay: .cosine(steps: 50, final: 0)))
  }

  static let refused: [(list: JSONValue, message: String)] = [
    ([], "`training.phases`: expected an array of 1 to 1000 elements, found 0"),
    (
      [["phase": "third", "steps": 1]],
      "`training.phases[0].phase`: expected one of \"first\", \"second\", \"both\", found \"third\""
    ),
    ([["phase": "first", "steps": 0]], "`training.phases[0].steps`: expected a whole number from 1 up, found 0"),
    ([["phase": "first"]], "the key `training.phases[0].steps` is missing, expected a whole number from 1 up"),
    (
      [["phase": "first", "steps": 1], ["phase": "second", "steps": 1, "optimizers": ["coarse": [:]]]],
      "`training.phases[1].optimizers`: expected networks that the phase second trains (fine), found coarse"
    ),
    (
      [["phase": "first", "steps": 1, "optimizers": ["critic": [:]]]],
      "`training.phases[0].optimizers.critic` is not a known key"
    ),
    (
      [["phase": "first", "steps": 1, "optimizers": ["coarse": ["beta": 1]]]],
      "`training.phases[0].optimizers.coarse.beta` is not a known key; did you mean `beta1`?"
    ),
    (
      [["phase": "first", "steps": 1], ["phase": "first", "steps": 9_223_372_036_854_775_807]],
      "`training.phases[1]`: `steps`: expected a number that can be added to the 1 before it"
    ),
    ([["phase": "first", "steps": 1, "step": 1]], "`training.phases[0].step` is not a known key"),
  ]

  @Test(arguments: refused.indices) func `what cannot be run is refused in a sentence`(_ index: Int) {
    let (list, message) = Self.refused[index]
    let failure = failure { _ = try phases(list) }
    #expect(failure?.kind == .configuration)
    #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "nothing")")
  }
}
