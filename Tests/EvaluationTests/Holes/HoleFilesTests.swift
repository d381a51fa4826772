import Imaging
import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import Evaluation
@testable import Support

@Suite struct HoleFilesTests {
  /// Writes hole pictures of 40 x 20 in which a column of pixels is missing.
  private static func holes(_ columns: [(name: String, column: Int)]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, column) in columns {
      let hole = Hole(width: 40, height: 20) { x, _ in x == column }
      try FileWriter.writeAtomically(hole.picture.pngData(), to: folder.file(name))
    }
    return folder
  }

  @Test func `a hole of a picture's name is cut to the square in the middle`() throws {
    let folder = try Self.holes([("a.png", 12), ("b.png", 25)])
    let files = try HoleFiles(.folder(folder.path), pictures: ["a.jpg", "b.jpg", "c.jpg"], seed: 0)
    #expect(files.isByName)
    #expect(
      try files.hole(forPicture: "a.jpg", rule: SquareRule(size: 20)) == Hole(width: 20, height: 20) { x, _ in x == 2 })
    #expect(try files.hole(forPicture: "b.jpg", rule: SquareRule(size: 40)).missingCount == 80)
  }

  @Test func `a picture without a hole of its own is refused when others have theirs`() throws {
    let folder = try Self.holes([("a.png", 12)])
    let files = try HoleFiles(.folder(folder.path), pictures: ["a.jpg", "c.jpg"], seed: 0)
    #expect {
      _ = try files.hole(forPicture: "c.jpg", rule: SquareRule(size: 20))
    } throws: {
      ($0 as? Failure)?.kind == .data
    }
  }

  @Test func `two holes of one name are refused`() throws {
    let folder = try Self.holes([("a.png", 12), ("a.PNG", 12)])
    #expect {
      _ = try HoleFiles(.folder(folder.path), pictures: ["a.jpg"], seed: 0)
    } throws: {
      ($0 as? Failure)?.kind == .data
    }
  }

  @Test func `holes without pictures' names are dealt out by seed and name`() throws {
    let folder = try Self.holes((0..<8).map { ("hole\($0).png", 11 + $0) })
    let names = (0..<30).map { "\($0).jpg" }
    func choices(_ seed: UInt64) throws -> [Hole] {
      let files = try HoleFiles(.folder(folder.path), pictures: names, seed: seed)
      return try names.map { try files.hole(forPicture: $0, rule: SquareRule(size: 20)) }
    }
    let first = try choices(1)
    #expect(try choices(1) == first)
    #expect(try choices(2) != first)
    #expect(Set(first.map(\.values)).count > 4)
  }

  @Test func `an empty hole, and one that covers everything, are refused`() throws {
    let folder = try TemporaryFolder()
    for (name, level) in [("a.png", UInt8(0)), ("b.png", 255)] {
      let picture = Picture(width: 20, height: 20, filledWith: [level])
      try FileWriter.writeAtomically(picture.pngData(), to: folder.file(name))
    }
    let holes = try EvaluationHoles(folder.path, pictures: ["a.jpg", "b.jpg"], seed: 0)
    for name in ["a.jpg", "b.jpg"] {
      #expect {
        _ = try holes.hole(forPicture: name, rule: SquareRule(size: 20))
      } throws: {
        ($0 as? Failure)?.kind == .data
      }
    }
  }
}
