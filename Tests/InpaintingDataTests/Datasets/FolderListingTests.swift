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

  @Test func `A folder without pictures says what was looked for`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "notes.txt")
    let found = try failure { try names(folder) }
    #expect(found.kind == .data)
    #expect(found.message.contains(folder.path) && found.message.contains(".jpg, .jpeg, .png, .webp"))
  }
}
