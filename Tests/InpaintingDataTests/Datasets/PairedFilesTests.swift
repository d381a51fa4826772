import InpaintingData
import Testing

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
}
