import Tensors
import Testing

@testable import Support
@testable import Training

/// The arithmetic that two configurations with phases have in common.
@Suite struct RunArithmeticTests {
  private func configuration(_ changes: String...) throws -> TrainingConfiguration {
    let model = [
      #"model={"name": "partial_convolution", "width": 4, "levels": 3}"#, #"losses={"perceptual": 0, "style": 0}"#,
      #"optimizers={"generator": {"beta1": 0.9, "schedule": {"name": "cosine"}}}"#,
    ]
    return try SmallRun(model + changes).configuration
  }

  private func phases(_ training: Int, _ fineTuning: Int, rate: Double = 1e-3) throws -> TrainingConfiguration {
    try configuration(
      """
      training.phases=[{"phase": "training", "steps": \(training)},
        {"phase": "fine_tuning", "steps": \(fineTuning), "optimizers": {"generator": {"learning_rate": \(rate)}}}]
      """, "training.steps=\(training + fineTuning)")
  }

  /// The sentences about what has changed since a checkpoint of a step.
  private func changes(_ old: TrainingConfiguration, _ new: TrainingConfiguration, step: Int) -> [String] {
    let (values, phases) = new.changes(since: old.arithmetic, step: step)
    return values.map(\.description) + (phases.map { ["\($0.old) -> \($0.new)"] } ?? [])
  }

  @Test func `a configuration without phases has the same arithmetic as before there were any`() throws {
    let plain = try configuration()
    #expect(plain.arithmetic["training"]?["phases"] == nil && plain.arithmetic["optimizers"]?["generator"] != nil)
    #expect(try configuration("training.phases=null").arithmetic == plain.arithmetic)
    #expect(try configuration("training.phases=null").resolved == plain.resolved)
  }

  @Test func `the resolved configuration says all of a phase, and reads back as itself`() throws {
    let found = try phases(3, 5)
    #expect(found.resolved["training"]?["steps"] == 8)
    guard case .array(let list)? = found.resolved["training"]?["phases"]?.content else { throw Failure(.data, "none") }
    let optimizers = list.map { $0["optimizers"]?["generator"] }
    #expect(optimizers.map { $0?["learning_rate"] } == [2e-4, 1e-3])
    #expect(optimizers.map { $0?["schedule"]?["steps"] } == [3, 5] && optimizers.allSatisfy { $0?["beta1"] == 0.9 })
    #expect(found.resolved["optimizers"] == ["generator": ["beta1": 0.9, "schedule": ["name": "cosine"]]])
    let again = try TrainingConfiguration(found.resolved, source: "config.json")
    #expect(again.resolved == found.resolved && again.arithmetic == found.arithmetic)
  }

  @Test func `the end of the last phase is no part of the arithmetic, those of the others are`() throws {
    let constant = #"optimizers={}"#
    func phases(_ a: Int, _ b: Int) throws -> JSONValue {
      try configuration(
        constant, #"training.phases=[{"phase":"training","steps":\#(a)},{"phase":"fine_tuning","steps":\#(b)}]"#,
        "training.steps=\(a + b)"
      ).arithmetic
    }
    #expect(try phases(3, 5) == phases(3, 9))
    #expect(try phases(3, 5) != phases(4, 5))
  }

  @Test func `what comes after a checkpoint may be planned anew`() throws {
    let old = try phases(3, 5)
    #expect(changes(old, old, step: 6).isEmpty)
    #expect(changes(old, try phases(3, 5, rate: 5), step: 3).isEmpty)
    #expect(
      changes(old, try phases(3, 5, rate: 5), step: 4) == [
        "training.phases[1].optimizers.generator.learning_rate was 0.001 and is 5.0"
      ])
    #expect(
      changes(old, try phases(3, 9), step: 4) == [
        "training.phases[1].optimizers.generator.schedule.steps was 5 and is 9"
      ])
    #expect(changes(try configuration("training.steps=3"), old, step: 3).isEmpty)
    #expect(changes(old, try configuration("training.steps=3"), step: 2).isEmpty)
  }

  @Test func `phases that have begun must be as they were`() throws {
    let old = try phases(3, 5)
    #expect(
      changes(old, try phases(4, 5), step: 5).last
        == "training from step 1, fine_tuning from step 4 -> training from step 1, fine_tuning from step 5")
    #expect(
      changes(try configuration("training.steps=6"), old, step: 5).last
        == "training from step 1 -> training from step 1, fine_tuning from step 4")
    // The same as a change of `training.steps`.
    #expect(
      changes(old, try phases(4, 5), step: 2) == [
        "training.phases[0].optimizers.generator.schedule.steps was 3 and is 4"
      ])
  }

  @Test func `steps beside phases are their sum, or absent`() throws {
    let list = #"training.phases=[{"phase": "training", "steps": 3}, {"phase": "fine_tuning", "steps": 4}]"#
    #expect(try configuration(list, "training.steps=7").training.steps == 7)
    let failure = failure { _ = try configuration(list, "training.steps=8") }
    #expect(failure?.kind == .configuration)
    #expect(
      failure?.message.hasSuffix(
        "`training.steps`: expected no such key, or 7, which the steps of `training.phases` add up to, found 8") == true
    )
  }
}
