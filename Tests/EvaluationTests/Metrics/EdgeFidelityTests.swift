import Imaging
import InpaintingData
import Support
import Tensors
import TestSupport
import Testing

@testable import Evaluation

@Suite struct EdgeFidelityTests {
  @Test func `the original has all of its own edges, and a flat filling none in the hole`() {
    let scene = ProceduralScene(seed: 5, index: 2, size: 64).picture
    let sketch = CannyDetector().edges(of: scene)
    let hole = Hole(width: 64, height: 64) { x, y in (10..<54).contains(x) && (10..<54).contains(y) }
    #expect(EdgeFidelity.scores(of: scene, sketch: sketch, hole: hole) == RegionScores(whole: 1, hole: 1))
    let flat = scene.withMissingPixels(of: hole, filledWith: 128)
    let scores = EdgeFidelity.scores(of: flat, sketch: sketch, hole: hole)
    #expect(scores.map { $0.hole < 0.6 && $0.hole < $0.whole } == true)
    let none = EdgeMap(width: 64, height: 64, values: [UInt8](repeating: 0, count: 64 * 64))
    #expect(EdgeFidelity.scores(of: scene, sketch: none, hole: hole) == nil)
  }

  @Test func `a report has the column where sketches are spoken of, and the network gets them if they are given`()
    throws
  {
    func report(_ sketch: String?) throws -> (report: EvaluationReport, given: Int) {
      let pictures = try EvaluationPictures(
        data: "procedural", holes: "generated", sketches: try sketch.map { try EvaluationSketches($0) }, size: 32,
        limit: 4,
        seed: 0)
      var given = 0
      let evaluator = Evaluator(pictures: pictures) { example in
        given += example.conditions[.edges] == nil ? 0 : 1
        return example.picture.tensor
      }
      return (
        try evaluator.report(weights: SmallEvaluation.weights, onProgress: { _ in }, onNotice: { _ in }), given
      )
    }
    let (without, _) = try report(nil)
    #expect(!without.metrics.contains(.edges) && !without.json.contains("edge_f"))
    let (none, givenNone) = try report("none")
    let (generated, given) = try report("generated")
    #expect(givenNone == 0 && given == 4)
    for report in [none, generated] {
      #expect(report.mean(.model, .edges, .hole) == 1)
      #expect(try #require(report.mean(.baseline(.harmonic), .edges, .hole)) < 1)
      #expect(report.text.contains("Edge F (%)"))
    }
    let folder = try TemporaryFolder()
    try FileWriter.writeAtomically(Array(generated.json.utf8), to: folder.file("report.json"))
    let again = try EvaluationReport(path: folder.file("report.json"))
    #expect(again == generated)
    #expect(
      try ReportComparison(of: generated, with: again, path: "x").columns(in: .hole).contains { $0.metric == .edges })
    #expect(
      try !ReportComparison(of: generated, with: without, path: "x").columns(in: .hole).contains { $0.metric == .edges }
    )
  }

  @Test func `sketches of a folder go with pictures by their names`() throws {
    let folder = try TemporaryFolder()
    for (name, picture) in [("in/a", 0), ("in/b", 1), ("lines/a", 2)] {
      try FileWriter.createFolder(folder.file(String(name.dropLast(2))))
      try FileWriter.writeAtomically(
        ProceduralScene(seed: 1, index: picture, size: 48).picture.pngData(), to: folder.file(name + ".png"))
    }
    let pictures = try EvaluationPictures(
      data: folder.file("in"), holes: "generated", sketches: try EvaluationSketches(folder.file("lines")), size: 32,
      limit: nil, seed: 0)
    let read = try pictures.example(0)
    let (example, sketch) = (read.example, read.sketch)
    let expected = try SketchReading(contentsOfFile: folder.file("lines/a.png")).edges.resized(toWidth: 32, height: 32)
    #expect(sketch == expected && example.conditions[.edges] as? EdgeMap == expected)
    let missing = #expect(throws: Failure.self) { _ = try pictures.example(1) }
    #expect(missing?.message.contains("lines/b.png, found 0") == true)
    #expect(throws: Failure.self) { _ = try EvaluationSketches(folder.file("gone")) }
  }
}

@Suite struct EdgeAgreementTests {
  private func edges(_ width: Int, _ height: Int, _ isEdge: (Int, Int) -> Bool) -> EdgeMap {
    EdgeMap(width: width, height: height, values: (0..<width * height).map { isEdge($0 % width, $0 / width) ? 1 : 0 })
  }

  private let everywhere = Hole(width: 20, height: 16) { _, _ in true }

  @Test func `A line two pixels away agrees, one three pixels away does not`() {
    let expected = edges(20, 16) { x, _ in x == 8 }
    for (column, score) in [(8, 1.0), (6, 1), (10, 1), (5, 0), (11, 0)] {
      let agreement = EdgeAgreement(found: edges(20, 16) { x, _ in x == column }, expected: expected, hole: everywhere)
      #expect(agreement.precision == score && agreement.recall == score && agreement.fScore == score)
    }
  }

  @Test func `The distance is Euclid's`() {
    let expected = edges(20, 16) { $0 == 8 && $1 == 8 }
    func score(_ x: Int, _ y: Int, tolerance: Double = 2) -> Double? {
      let found = edges(20, 16) { $0 == x && $1 == y }
      return EdgeAgreement(found: found, expected: expected, hole: everywhere, tolerance: tolerance).fScore
    }
    #expect(score(9, 9) == 1 && score(8, 10) == 1 && score(9, 10) == 0 && score(10, 10) == 0)
    #expect(score(9, 10, tolerance: 2.3) == 1 && score(8, 9, tolerance: 0) == 0 && score(8, 8, tolerance: 0) == 1)
  }

  @Test func `Precision counts what was found, recall what was expected`() throws {
    // Ten pixels were expected, of which five were found, among fifteen others.
    let expected = edges(20, 16) { x, y in y == 2 && x < 10 }
    let found = edges(20, 16) { x, y in y == 2 && x < 5 || y == 12 && x < 15 }
    let agreement = EdgeAgreement(found: found, expected: expected, hole: everywhere, tolerance: 0)
    #expect(agreement.precision == 0.25 && agreement.recall == 0.5)
    #expect(abs(try #require(agreement.fScore) - 1 / 3.0) < 1e-12)
  }

  @Test func `Only edges in the hole count, and those just outside agree with them`() {
    let hole = Hole(width: 20, height: 16) { x, y in x < 10 }
    let expected = edges(20, 16) { x, _ in x == 9 || x == 15 }
    #expect(EdgeAgreement(found: edges(20, 16) { x, _ in x == 9 }, expected: expected, hole: hole).fScore == 1)
    let beyond = EdgeAgreement(found: edges(20, 16) { x, _ in x == 11 }, expected: expected, hole: hole)
    #expect(beyond.recall == 1 && beyond.precision == nil && beyond.fScore == 0)
  }

  @Test func `Where nothing is expected there is no score, and where nothing was found it is 0`() {
    let (line, blank) = (edges(20, 16) { x, _ in x == 8 }, edges(20, 16) { _, _ in false })
    let aimless = EdgeAgreement(found: line, expected: blank, hole: everywhere)
    #expect(aimless.precision == nil && aimless.recall == nil && aimless.fScore == nil)
    let outside = EdgeAgreement(found: line, expected: line, hole: Hole(width: 20, height: 16) { x, _ in x > 12 })
    #expect(outside.fScore == nil)
    let missed = EdgeAgreement(found: blank, expected: line, hole: everywhere)
    #expect(missed.precision == nil && missed.recall == 0 && missed.fScore == 0)
  }
}
