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
