import Foundation
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
    #expect(found.message.hasPrefix("\(folder.path): there are no pictures") && found.message.contains("expected JPEG"))
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
