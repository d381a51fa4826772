import Imaging
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
      return try pictures.example(number).hole
    }
    #expect(try hole(3, 2) == hole(30, 2))
    #expect(try hole(3, 2) == GeneratedHoles(seed: 5).hole(forPicture: "procedural 2", size: 32))
  }

  @Test func `built-in pictures have an end here`() throws {
    let pictures = try EvaluationPictures(data: "procedural", holes: "generated", size: 32, limit: nil, seed: 0)
    #expect(pictures.count == EvaluationPictures.defaultSceneCount)
  }
}
