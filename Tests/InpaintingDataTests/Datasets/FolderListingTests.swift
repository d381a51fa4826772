import Foundation
import Tensors
import TestSupport
import Testing

@testable import InpaintingData

@Suite struct FolderListingTests {
  private func names(_ folder: TemporaryFolder) throws -> [String] {
    try PictureSource.folder(folder.path).files().map(\.name)
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
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/gone.dat", withDestinationPath: "nowhere")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/gone.jpg", withDestinationPath: "nowhere")
    #expect(try names(folder) == ["a.jfif", "deep/x.tmp", "gone.jpg", "noextension", "photo.jpg_large"])
  }
}
