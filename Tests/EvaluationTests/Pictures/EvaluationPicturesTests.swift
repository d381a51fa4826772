import Imaging
import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import Evaluation
@testable import Support

@Suite struct EvaluationPicturesTests {
  @Test func `a limit takes pictures from everywhere in the list`() throws {
    let folder = try TemporaryFolder()
    for number in 0..<10 { try FileWriter.writeAtomically("no picture", to: folder.file("\(number).png")) }
    func names(_ limit: Int?) throws -> [String] {
      let pictures = try EvaluationPictures(data: folder.path, holes: "generated", size: 32, limit: limit, seed: 0)
      return (0..<pictures.count).map(pictures.name)
    }
    #expect(try names(4) == ["0.png", "2.png", "5.png", "7.png"])
    #expect(try names(nil).count == 10)
    #expect(try names(99).count == 10)
  }

  @Test func `a picture's hole does not depend on which others there are`() throws {
    func hole(_ limit: Int, _ number: Int) throws -> Hole {
      let pictures = try EvaluationPictures(data: "procedural", holes: "generated", size: 32, limit: limit, seed: 5)
      return try pictures.example(number).example.hole
    }
    #expect(try hole(3, 2) == hole(30, 2))
    #expect(try hole(3, 2) == GeneratedHoles(seed: 5).hole(forPicture: "procedural 2", size: 32))
  }

  @Test func `pictures and holes in one folder are told apart, and a picture with several holes is there with each`()
    throws
  {
    let folder = try TemporaryFolder()
    let reference = MetricReference(width: 50, height: 40, hole: "", roughness: 70)
    for name in ["a.png", "b.png"] {
      try FileWriter.writeAtomically(reference.original.pngData(), to: folder.file(name))
    }
    for (name, column) in [("a_mask001.png", 10), ("a_mask002.png", 20), ("b_mask.png", 30)] {
      let hole = Hole(width: 50, height: 40) { x, _ in (column..<column + 5).contains(x) }
      try FileWriter.writeAtomically(hole.picture.pngData(), to: folder.file(name))
    }
    let pictures = try EvaluationPictures(data: folder.path, holes: folder.path, size: 40, limit: nil, seed: 0)
    #expect((0..<pictures.count).map(pictures.name) == ["a.png (a_mask001.png)", "a.png (a_mask002.png)", "b.png"])
    let holes = try (0..<3).map { try pictures.example($0).example.hole }
    #expect(holes.allSatisfy { $0.missingCount == 200 } && Set(holes.map(\.values)).count == 3)
    // The report says so, and finds each example again.
    var sentences: [String] = []
    let report = try SmallEvaluation.report(pictures) { sentences.append($0) }
    #expect(report.records.count == 3 && sentences.contains { $0.contains("3 of its files are hole pictures") })
  }

  @Test func `the same folder for both without such names is refused`() throws {
    let folder = try TemporaryFolder()
    for name in ["a.png", "b.png"] { try FileWriter.writeAtomically("", to: folder.file(name)) }
    #expect {
      _ = try EvaluationPictures(data: folder.path, holes: folder.path, size: 40, limit: nil, seed: 0)
    } throws: {
      ($0 as? Failure)?.kind == .data && ($0 as? Failure)?.message.contains("never its own hole") == true
    }
  }

  @Test func `built-in pictures have an end here`() throws {
    let pictures = try EvaluationPictures(data: "procedural", holes: "generated", size: 32, limit: nil, seed: 0)
    #expect(pictures.count == EvaluationPictures.defaultSceneCount)
  }
}

@Suite struct SquareRuleTests {
  /// The rule is stated here and applied there: both must mean the same.
  @Test(arguments: [(37, 20), (20, 37), (50, 50), (9, 14), (16, 16)])
  func `squares are those that training validates on`(width: Int, height: Int) throws {
    let folder = try TemporaryFolder()
    let picture = MetricReference(width: width, height: height, hole: "", roughness: 70).original
    try FileWriter.writeAtomically(picture.pngData(), to: folder.file("a.png"))
    let preparation = ExamplePreparation(
      size: 16, crop: .center, flip: false, holes: BoxHoles(pictureSize: 16), seed: 0)
    let example = try preparation.example(
      number: 0, picture: 0, of: PictureCollection(files: [ListedPicture(name: "a", path: folder.file("a.png"))]))
    let square = SquareRule(size: 16).geometry(ofWidth: width, height: height).applied(to: picture)
    #expect(square == example.picture)
  }
}
