import Testing

@testable import Evaluation

@Suite struct ShownExamplesTests {
  /// A report in which the model's PSNR inside the hole is given for each picture.
  private static func report(_ decibels: [Double]) -> EvaluationReport {
    let records = decibels.enumerated().map { index, value in
      let values: [Double?] = ScoreColumn.all.map { _ in value }
      return PictureRecord(
        name: "\(index)", missingCount: 1, pixelCount: 4, scores: FillingMethod.all.map { _ in Scores(values: values) })
    }
    return EvaluationReport(
      weights: SmallEvaluation.weights,
      conditions: EvaluationConditions(
        rule: SquareRule(size: 2), holes: "", holeHash: "", pictureHash: "", pictureCount: decibels.count),
      records: records, skipped: [])
  }

  private static func names(_ decibels: [Double]) -> [String] {
    ExampleChoice.groups(of: report(decibels)).map { title, records in
      ([title] + records.map(\.name)).joined(separator: " ")
    }
  }

  @Test func `best, median and worst are three each where there are enough`() {
    let decibels: [Double] = [10, 30, 20, 15, 25, 12, 28, 22, 18, 11, 29]
    #expect(Self.names(decibels) == ["Best 1 10 6", "Median 7 2 8", "Worst 5 9 0"])
  }

  @Test func `no picture is shown twice, however few there are`() {
    #expect(Self.names([20]) == ["Best 0"])
    #expect(Self.names([20, 30]) == ["Best 1", "Worst 0"])
    #expect(Self.names([20, 30, 10]) == ["Best 1", "Median 0", "Worst 2"])
  }

  @Test func `of equal pictures the first is the best`() {
    #expect(Self.names([20, 20, 20, 20]) == ["Best 0", "Median 1", "Worst 3"])
  }
}
