import InpaintingData
import Tensors
import Testing

@testable import Evaluation
@testable import Support

@Suite struct HoleFilesTests {
  private func files(_ names: [String], pictures: [String], seed: UInt64 = 0) throws -> HoleFiles {
    try HoleFiles(names.map { ListedPicture(name: $0, path: "/holes/" + $0) }, pictures: pictures, seed: seed)
  }

  @Test func `a hole of a picture's name belongs to it, and one without its own has none`() throws {
    let files = try files(["a.png", "b.png"], pictures: ["a.jpg", "b.jpg", "c.jpg"])
    #expect(files.isByName)
    #expect(files.files(forPicture: "b.jpg").map(\.name) == ["b.png"])
    #expect(files.files(forPicture: "c.jpg").isEmpty)
  }

  @Test func `a picture may have several with suffixes`() throws {
    let files = try files(["a_mask001.png", "a_mask002.png", "b_mask.png"], pictures: ["a.png", "b.png"])
    #expect(files.isByName)
    #expect(files.files(forPicture: "a.png").map(\.name) == ["a_mask001.png", "a_mask002.png"])
    #expect(files.files(forPicture: "b.png").map(\.name) == ["b_mask.png"])
  }

  @Test func `two holes of one name are refused`() throws {
    #expect {
      _ = try files(["a.png", "a.PNG"], pictures: ["a.jpg"])
    } throws: {
      ($0 as? Failure)?.kind == .data
    }
  }

  @Test func `holes without pictures' names are dealt out by seed and name`() throws {
    let names = (0..<30).map { "\($0).jpg" }
    func choices(_ seed: UInt64) throws -> [String] {
      let files = try files((0..<8).map { "hole\($0).png" }, pictures: names, seed: seed)
      return names.flatMap { files.files(forPicture: $0).map(\.name) }
    }
    let first = try choices(1)
    #expect(first.count == 30)
    #expect(try choices(1) == first)
    #expect(try choices(2) != first)
    #expect(Set(first).count > 4)
  }
}
