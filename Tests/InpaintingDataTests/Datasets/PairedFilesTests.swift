import TestSupport
import Testing

@testable import InpaintingData

@Suite struct PairedFilesTests {
  private func paired(_ names: String...) -> PairedFiles {
    PairedFiles(names.map { ListedPicture(name: $0, path: "/holes/" + $0) })
  }

  @Test func `files belong to pictures of the same name in the same folder, endings aside`() {
    let files = paired("a.png", "deep/a.webp", "b.c.png")
    #expect(files.files(forPicture: "a.jpeg").map(\.path) == ["/holes/a.png"])
    #expect(files.files(forPicture: "deep/a.jpg").map(\.path) == ["/holes/deep/a.webp"])
    #expect(files.files(forPicture: "b.c.jpg").map(\.name) == ["b.c.png"])
    #expect(files.files(forPicture: "b.jpg").isEmpty && files.files(forPicture: "c/a.jpg").isEmpty)
    #expect(files.firstRepeated == nil)
  }

  @Test func `files of one name are all found, and the first that repeats one is told`() {
    let files = paired("a.png", "b.png", "b.jpg", "a.webp")
    #expect(files.files(forPicture: "b.png").map(\.name) == ["b.png", "b.jpg"])
    #expect(files.firstRepeated?.name == "b.jpg")
  }

  @Test(arguments: ["a_mask.png", "a_mask001.png", "a-mask2.jpg", "a_Mask_03.webp", "a_mask-4.png"])
  func `a suffix pairs too, as LaMa's names have it`(name: String) {
    let files = paired(name, "b.png")
    #expect(files.files(forPicture: "a.jpg").map(\.name) == [name])
    #expect(files.haveSuffix(forPicture: "a.png") && !files.haveSuffix(forPicture: "b.jpg"))
  }

  @Test(arguments: ["amask.png", "axmask.png", "a_masked.png", "a_mask001b.png", "_mask.png", "mask001.png"])
  func `other names are no suffix`(name: String) {
    let stems = ["a.png", "a_.png", ".png", ""]
    #expect(stems.allSatisfy { !paired(name).haveSuffix(forPicture: $0) })
  }

  @Test func `a picture may have several, in folders too, and one of its own name goes before`() {
    let files = paired("d/a_mask001.png", "d/a_mask002.png", "d/b.png", "d/b_mask.png")
    #expect(files.files(forPicture: "d/a.jpg").map(\.name) == ["d/a_mask001.png", "d/a_mask002.png"])
    #expect(files.files(forPicture: "d/b.jpg").map(\.name) == ["d/b.png"])
    #expect(files.files(forPicture: "a.jpg").isEmpty)
  }

  /// Divides the files of a folder by the folders that are named.
  private func divided(_ folder: TemporaryFolder, _ pictures: String, _ holes: String) throws -> ([String], [String]) {
    func list(_ name: String) throws -> [ListedPicture] {
      try PictureSource.folder(folder.path + name).listing().pictures
    }
    let divided = try PairedFiles.divided(pictures: list(pictures), holes: list(holes))
    return (divided.pictures.map(\.name), divided.holes.map(\.name))
  }

  @Test func `of one folder for both, what has another's name and a suffix is a hole and no picture`() throws {
    let folder = try TemporaryFolder()
    for name in ["a.png", "a_mask001.png", "a_mask002.png", "b.jpg", "b.png", "c_mask.png"] {
      try folder.write("", to: name)
    }
    let (pictures, holes) = try divided(folder, "", "")
    #expect(pictures == ["a.png", "b.jpg", "b.png", "c_mask.png"])
    #expect(holes == ["a_mask001.png", "a_mask002.png"])
  }

  @Test func `of a folder within another one, the files are what it says`() throws {
    let folder = try TemporaryFolder()
    // Though one of them has the name of another and a suffix.
    let inner = ["a.png", "b.png", "b_mask.png"]
    for name in ["a.png", "b.png"] + inner.map({ "inner/" + $0 }) { try folder.write("", to: name) }
    let within = try divided(folder, "", "/inner")
    #expect(within.0 == ["a.png", "b.png"] && within.1 == inner)
    let around = try divided(folder, "/inner", "")
    #expect(around.0 == inner && around.1 == ["a.png", "b.png"])
  }
}
