import Imaging
import Kernels
import Tensors
import TestSupport
import Testing

@testable import Evaluation
@testable import Support

@Suite struct EvaluatorTests {
  @Test func `the numbers are those of the filling`() throws {
    let report = try SmallEvaluation.report(level: 0)
    #expect(report.records.count == 9)
    #expect(report.conditions.pictureCount == 9)
    #expect(report.mean(.model, .l1, .hole) == 0)
    #expect(report.mean(.model, .psnr, .whole) == 100)
    // No filling, a perfect one, and the original have the same total variation.
    #expect(report.mean(.model, .totalVariation, .hole) == report.mean(.original, .totalVariation, .hole))
    let harmonic = try #require(report.mean(.baseline(.harmonic), .psnr, .hole))
    let meanColor = try #require(report.mean(.baseline(.meanColor), .psnr, .hole))
    #expect(harmonic > meanColor && harmonic < 60)
  }

  @Test func `blur has less total variation than the originals`() throws {
    let report = try SmallEvaluation.report()
    let original = try #require(report.mean(.original, .totalVariation, .hole))
    let harmonic = try #require(report.mean(.baseline(.harmonic), .totalVariation, .hole))
    #expect(harmonic < original)
  }

  @Test(arguments: [1, 3])
  func `the number of threads does not show`(threads: Int) throws {
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = threads
    let report = try SmallEvaluation.report()
    Threads.count = before
    #expect(try SmallEvaluation.report() == report)
  }

  @Test func `a picture that cannot be read is skipped, counted and listed`() throws {
    let folder = try TemporaryFolder()
    let reference = MetricReference(width: 50, height: 40, hole: "", roughness: 70)
    for name in ["a.png", "c.png", "d.png"] {
      try FileWriter.writeAtomically(reference.original.pngData(), to: folder.file(name))
    }
    try FileWriter.writeAtomically("no picture", to: folder.file("b.png"))
    var sentences: [String] = []
    let pictures = try SmallEvaluation.pictures(folder.path, limit: nil)
    let report = try SmallEvaluation.report(pictures) { sentences.append($0) }
    #expect(report.records.map(\.name) == ["a.png", "c.png", "d.png"])
    #expect(report.skipped.map(\.name) == ["b.png"])
    #expect(sentences.count == 1 && sentences[0].contains("b.png"))
    #expect(report.text.contains("1 skipped") && report.text.contains(sentences[0]))
    #expect(report.json.contains("\"skipped\": [\n    {\n      \"name\": \"b.png\""))
  }

  @Test func `if no picture can be read there is no report`() throws {
    let folder = try TemporaryFolder()
    try FileWriter.writeAtomically("no picture", to: folder.file("b.png"))
    let pictures = try SmallEvaluation.pictures(folder.path)
    #expect {
      _ = try SmallEvaluation.report(pictures)
    } throws: {
      ($0 as? Failure)?.kind == .data
    }
  }

  @Test func `a filling that is not finite is refused`() throws {
    #expect {
      _ = try SmallEvaluation.report(level: .nan)
    } throws: {
      ($0 as? Failure)?.kind == .data
    }
  }

  @Test func `examples are filled as they were measured`() throws {
    let evaluator = Evaluator(pictures: try SmallEvaluation.pictures(), fill: SmallEvaluation.darker(by: 0.1))
    let report = try evaluator.report(weights: SmallEvaluation.weights, onProgress: { _ in }, onNotice: { _ in })
    let groups = try evaluator.examples(of: report)
    #expect(groups.map(\.title) == ["Best", "Median", "Worst"])
    let example = try #require(groups.first?.examples.first)
    #expect(example.views.map(\.title) == ["Original", "Hole", "Model", "Mean color", "Harmonic", "Telea", "Patches"])
    let number = try #require((0..<9).first { "procedural \($0)" == example.record.name })
    let measured = try SmallEvaluation.pictures().example(number).example
    #expect(
      Scores(of: example.views[2].picture, original: measured.picture, hole: measured.hole)
        == example.record.scores[0])
  }
}
