import Tensors
import Testing

@testable import Evaluation
@testable import Support

@Suite struct EvaluationConditionsTests {
  private static func conditions(
    size: Int = 32, rule: String = SquareRule(size: 32).description, holes: String = "h", pictures: String = "p",
    count: Int = 5, definitions: [EvaluationConditions.MetricDefinition] = EvaluationConditions.MetricDefinition.all
  ) -> EvaluationConditions {
    EvaluationConditions(
      size: size, resizeRule: rule, holes: "some", holeHash: holes, pictureHash: pictures, pictureCount: count,
      definitions: definitions)
  }

  @Test func `the same conditions are no reason to refuse`() throws {
    try Self.conditions().requireSame(as: Self.conditions(), path: "other.json")
  }

  @Test(arguments: [
    (Self.conditions(size: 64), "64x64"),
    (Self.conditions(rule: "stretched"), "stretched"),
    (Self.conditions(holes: "other"), "holes"),
    (Self.conditions(pictures: "other"), "other pixels"),
    (Self.conditions(count: 4), "there 4"),
    (Self.conditions(definitions: []), "metrics"),
    (
      Self.conditions(definitions: [EvaluationConditions.MetricDefinition(key: "l1", text: "the root")]), "the root"
    ),
  ])
  func `each difference is refused with a sentence about it`(older: EvaluationConditions, words: String) {
    #expect {
      try Self.conditions().requireSame(as: older, path: "other.json")
    } throws: {
      guard let failure = $0 as? Failure else { return false }
      return failure.kind == .data && failure.message.contains("other.json") && failure.message.contains(words)
    }
  }
}
