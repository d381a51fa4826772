import Foundation
import Imaging
import Tensors
import TestSupport
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct FolderListingTests {
  private func names(_ folder: TemporaryFolder) throws -> [String] {
    try PictureSource.folder(folder.path).listing().pictures.map(\.name)
  }

  @Test func `Pictures of all folders are listed by the bytes of their paths`() throws {
    let folder = try TemporaryFolder()
    for name in ["b.png", "a/z.JPG", "a/deep/x.jpeg", "a.jpg", "B.Png", "a-b/c.png", "c.webp", "é.png"] {
      try folder.write("", to: name)
    }
    for name in ["notes.txt", "jpg", "picture.gif", ".hidden.png", ".cache/y.png", "a.png/inside.jpg"] {
      try folder.write("", to: name)
    }
    #expect(
      try names(folder) == [
        "B.Png", "a-b/c.png", "a.jpg", "a.png/inside.jpg", "a/deep/x.jpeg", "a/z.JPG", "b.png", "c.webp", "é.png",
      ])
  }

  @Test func `Names that are no UTF-8 are found, and their pictures loaded`() throws {
    let folder = try TemporaryFolder()
    let inner = String(pathBytes: [0x64, 0xF4])
    let names = [inner + "/" + String(pathBytes: [0xE9, 0xFF]) + ".png", "a.png", String(pathBytes: [0xFC]) + ".PNG"]
    try FileWriter.createFolder(folder.file(inner))
    let picture = Picture(width: 20, height: 16, filledWith: [9, 9, 9])
    for name in names { try FileWriter.writeAtomically(picture.pngData(), to: folder.file(name)) }
    #expect(try Set(self.names(folder)) == Set(names))
    let preparation = ExamplePreparation(
      size: 16, crop: .random, flip: true, holes: BoxHoles(pictureSize: 16), seed: 7)
    let loader = BatchLoader(
      pictures: try PictureCollection(.folder(folder.path), seed: 1), preparation: preparation, batchSize: 3,
      holes: .perSample, workers: 2, firstBatch: 0, onSkip: { Issue.record("\($0)") })
    let examples = try loader.next().examples
    #expect(Set(examples.map(\.name)) == Set(names))
    #expect(examples.allSatisfy { $0.picture.pixels.allSatisfy { $0 == 9 } })
  }

  @Test func `Symbolic links are followed, and a circle of them ends`() throws {
    let folder = try TemporaryFolder()
    let other = try TemporaryFolder()
    try other.write("", to: "far.png")
    try folder.write("", to: "a/near.png")
    let files = FileManager.default
    try files.createSymbolicLink(atPath: folder.path + "/a/up", withDestinationPath: folder.path)
    try files.createSymbolicLink(atPath: folder.path + "/b", withDestinationPath: other.path)
    try files.createSymbolicLink(atPath: folder.path + "/c", withDestinationPath: "b")
    #expect(try names(folder) == ["a/near.png", "b/far.png"])
  }

  @Test func `A folder within that cannot be read is left out and named, wherever it stands`() throws {
    let folder = try TemporaryFolder()
    for name in ["b.png", "a/x.png", "lost+found/y.png", "z/w.png"] { try folder.write("", to: name) }
    struct Denied: Error {}
    func listing(_ denied: String) throws -> PictureListing {
      let found = try FolderListing(folder.path) { path in
        if path == folder.path + denied { throw Denied() }
        return try FileReader.names(in: path)
      }
      return found.listing
    }
    let lost = try listing("/lost+found")
    #expect(lost.pictures.map(\.name) == ["a/x.png", "b.png", "z/w.png"])
    #expect(lost.remarks == ["The folder \(folder.path)/lost+found cannot be read and is left out."])
    #expect(try listing("/a").pictures.map(\.name) == ["b.png", "lost+found/y.png", "z/w.png"])
    #expect(throws: Denied.self) { try listing("") }
  }

  @Test func `If nothing but what cannot be read is left, the error names it`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "sub/a.png")
    let found = try failure {
      try FolderListing(folder.path) { path in
        if path.hasSuffix("sub") { throw Failure(.inputOutput, "denied") }
        return try FileReader.names(in: path)
      }
    }
    #expect(found.kind == .data && found.message.contains("/sub cannot be read"))
  }

  @Test func `A folder without pictures says what there is`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "notes.txt")
    let found = try failure { try names(folder) }
    #expect(found.kind == .data)
    #expect(found.message.hasPrefix("\(folder.path): expected JPEG") && found.message.contains("found none"))
    try folder.write("GIF89a", to: "a.gif")
    try folder.write("BM1234", to: "b.jpg_large")
    #expect(try failure { try names(folder) }.message.hasSuffix("found 1 BMP, 1 GIF; convert them."))
  }

  @Test func `Contents decide where the extension is no picture's`() throws {
    let folder = try TemporaryFolder()
    for name in ["a.jfif", "noextension", "photo.jpg_large", "deep/x.tmp"] {
      try folder.writePicture(value: 1, to: name)
    }
    try folder.writePicture(value: 1, to: "data.npy")
    try folder.write("text", to: "other")
    try folder.write("GIF89a", to: "deep/moving.gif")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/gone.dat", withDestinationPath: "nowhere")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/gone.jpg", withDestinationPath: "nowhere")
    #expect(try names(folder) == ["a.jfif", "deep/x.tmp", "gone.jpg", "noextension", "photo.jpg_large"])
    #expect(
      try FolderListing(folder.path).listing.remarks == [
        "\(folder.path): 1 GIF picture is left out: expected JPEG, PNG or WebP; convert it to use it."
      ])
  }
}
