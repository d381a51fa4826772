import Foundation
import Imaging
import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import Evaluation
@testable import Support

@Suite struct EvaluationRequestTests {
  private static func request(
    size: Int? = 32, limit: Int? = 4, seed: Int = 0, json: String? = nil, html: String? = nil, against: String? = nil
  ) throws -> EvaluationRequest {
    try EvaluationRequest(
      data: "procedural", size: size, modelSize: 64, sizeMultiple: 8, limit: limit, seed: seed, json: json, html: html,
      against: against)
  }

  /// Runs it and returns what was printed.
  private static func run(_ request: EvaluationRequest, level: Scalar = 0.1) throws -> [String] {
    var printed: [String] = []
    try request.run(
      weights: SmallEvaluation.weights, fill: SmallEvaluation.darker(by: level), onProgress: { _ in },
      onNotice: { _ in }, onMeasured: {}, output: { printed.append($0) })
    return printed
  }

  private static func kind(_ body: () throws -> Void) -> Failure.Kind? {
    do {
      try body()
      return nil
    } catch {
      return (error as? Failure)?.kind
    }
  }

  @Test func `labels are measured where they are asked for, and refused where none are predicted`() throws {
    func request(_ labels: String?, classes: LabelClasses? = .proceduralLandscapes) throws -> EvaluationRequest {
      try EvaluationRequest(
        data: "procedural_landscapes", labels: labels, classes: classes, size: 32, modelSize: 64, sizeMultiple: 8,
        limit: 4)
    }
    #expect(Self.kind { _ = try request("/maps", classes: nil) } == .usage)
    // The textures of built-in pictures' classes are measured of any weights.
    #expect(try request("generated", classes: nil).labelClasses == .proceduralLandscapes)
    #expect(try request(nil).labelClasses == nil)
    #expect(Self.kind { _ = try request("gone") } == .missingInput)
    #expect(Self.kind { _ = try request("generated", classes: .camVid) } == .configuration)
    // Sky everywhere.
    let labeling = LabelPrediction(classes: .proceduralLandscapes, followsLabels: false) { example in
      let count = example.hole.values.count
      return LabelMap(
        width: example.hole.width, height: example.hole.height, values: [UInt8](repeating: 0, count: count),
        classes: .proceduralLandscapes)
    }
    func report(_ labels: String?) throws -> EvaluationReport {
      let request = try request(labels)
      return try Evaluator(
        pictures: request.pictures, labeling: request.pictures.labels == nil ? nil : labeling,
        fill: SmallEvaluation.darker(by: 0)
      ).report(weights: SmallEvaluation.weights, onProgress: { _ in }, onNotice: { _ in })
    }
    let measured = try report("generated")
    let blind = LabelPrediction(classes: .proceduralLandscapes, followsLabels: false, predict: nil)
    let textures = try Evaluator(
      pictures: request("generated", classes: nil).pictures, labeling: blind, fill: SmallEvaluation.darker(by: 0)
    ).report(weights: SmallEvaluation.weights, onProgress: { _ in }, onNotice: { _ in })
    #expect(textures.labels?.rows.map(\.key) == ["texture_distance"])
    let scores = try #require(measured.labels)
    let values = Dictionary(scores.rows.map { ($0.key, $0.value ?? .nan) }) { first, _ in first }
    let (iou, accuracy) = (try #require(values["mean_iou_whole"]), try #require(values["accuracy_hole"]))
    #expect(iou > 0.02 && iou < 0.125 && accuracy > 0.1 && accuracy < 0.7)
    #expect(measured.text.contains("Labels of procedural_landscapes\n"))
    #expect(measured.json.contains("\"mean_iou_whole\": \(iou)"))
    #expect(try report("none").labels?.rows.isEmpty == true && report(nil).labels == nil)
    #expect(try !report(nil).text.contains("Labels of"))
  }

  @Test func `numbers out of range are refused before anything is done`() {
    #expect(Self.kind { _ = try Self.request(size: 8) } == .usage)
    #expect(Self.kind { _ = try Self.request(size: 36) } == .usage)
    #expect(Self.kind { _ = try Self.request(limit: 0) } == .usage)
    #expect(Self.kind { _ = try Self.request(seed: -1) } == .usage)
    #expect(Self.kind { _ = try Self.request(json: "/no/such/folder/report.json") } == .inputOutput)
    #expect(Self.kind { _ = try Self.request(html: "/") } == .inputOutput)
    #expect(Self.kind { _ = try Self.request(against: "/no/such/report.json") } == .missingInput)
  }

  @Test func `the size is the model's if nobody says another`() throws {
    #expect(try Self.request(size: nil).pictures.rule.size == 64)
  }

  @Test func `everything that was asked for is printed and written`() throws {
    let folder = try TemporaryFolder()
    let (json, html) = (folder.file("report.json"), folder.file("report.html"))
    let printed = try Self.run(Self.request(json: json, html: html))
    #expect(printed.count == 1 && printed[0].contains("Telea"))
    let report = try EvaluationReport(path: json)
    #expect(report.records.count == 4)
    #expect(try folder.text(of: "report.html").contains("</html>"))
    let second = try Self.run(Self.request(against: json), level: 0.05)
    #expect(second.count == 2 && second[1].contains("better"))
  }

  @Test func `a refusal to compare comes after the report was printed and written`() throws {
    let folder = try TemporaryFolder()
    let (older, newer) = (folder.file("older.json"), folder.file("newer.json"))
    _ = try Self.run(Self.request(json: older))
    var printed: [String] = []
    let kind = Self.kind {
      let request = try Self.request(seed: 1, json: newer, against: older)
      try request.run(
        weights: SmallEvaluation.weights, fill: SmallEvaluation.darker(by: 0), onProgress: { _ in }, onNotice: { _ in },
        onMeasured: {}, output: { printed.append($0) })
    }
    #expect(kind == .data)
    #expect(printed.count == 1)
    #expect(FileManager.default.fileExists(atPath: newer))
  }

  @Test func `a report of another size is refused before hours are spent`() throws {
    let folder = try TemporaryFolder()
    _ = try Self.run(Self.request(json: folder.file("older.json")))
    #expect(Self.kind { _ = try Self.request(size: 64, against: folder.file("older.json")) } == .data)
  }
}
