import Foundation
import Imaging
import Tensors
import TestSupport
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct HolePicturesTests {
  /// A 4x2 hole picture whose left column is nearly white.
  private func leftColumn() throws -> [UInt8] {
    try Picture(width: 4, height: 2, channels: 1, pixels: [128, 127, 0, 0, 255, 127, 0, 0]).pngData()
  }

  @Test func `White is missing, from 128 on, and half of the holes are mirrored`() throws {
    let folder = try TemporaryFolder()
    try folder.write(leftColumn(), to: "hole.png")
    let generator = try HoleConfiguration.pictures(.folder(folder.path)).generator(pictureSize: 8)
    var mirrored = 0
    for index in 0..<100 {
      var stream = RandomStream(seed: 1, purpose: "test", step: index)
      let hole = try #require(try generator.hole(width: 8, height: 8, using: &stream))
      #expect(hole.missingFraction == 0.25)
      #expect(hole.isMissing(x: 1, y: 7) != hole.isMissing(x: 6, y: 0))
      if hole.isMissing(x: 6, y: 0) { mirrored += 1 }
    }
    #expect((30...70).contains(mirrored))
  }

  @Test func `Hole pictures of no use are skipped and named once, and others take their place`() throws {
    let folder = try TemporaryFolder()
    try folder.write("no picture", to: "a.png")
    try folder.write(
      Picture(width: 4, height: 2, channels: 1, pixels: [1, 1, 0, 0, 0, 0, 0, 0]).pngData(), to: "b.png")
    try folder.write(Picture(width: 4, height: 2, filledWith: [255]).pngData(), to: "c.png")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/d.png", withDestinationPath: "nowhere")
    try folder.write(leftColumn(), to: "e.png")
    let notes = Notes()
    let generator = try HolePictures(.folder(folder.path)) { notes.add($0) }
    for index in 0..<40 {
      var stream = RandomStream(seed: 1, purpose: "test", step: index)
      #expect(try generator.drawing(width: 8, height: 8, using: &stream).missingFraction == 0.25)
    }
    let said = notes.all.sorted()
    #expect(said.count == 4)
    for (sentence, name) in zip(said, ["a.png", "b.png", "c.png", "d.png"]) {
      #expect(sentence.hasPrefix("The hole picture \(name) is skipped: "))
    }
  }

  @Test func `What is chosen does not depend on what is known of the files`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<6 {
      let pixels: [UInt8] = (0..<8).map { $0 == index ? 255 : 0 }
      try folder.write(Picture(width: 4, height: 2, channels: 1, pixels: pixels).pngData(), to: "\(index).png")
    }
    try folder.write("no picture", to: "bad.png")
    func draw(_ generator: HolePictures, _ step: Int) throws -> Hole {
      var stream = RandomStream(seed: 1, purpose: "test", step: step)
      return try generator.drawing(width: 8, height: 8, using: &stream)
    }
    let fresh = try HolePictures(.folder(folder.path)) { _ in }
    let surveyed = try HolePictures(.folder(folder.path)) { _ in }
    _ = try HoleSurvey(surveyed, width: 8, height: 8)
    for step in 0..<30 { #expect(try draw(fresh, step) == draw(surveyed, step)) }
  }

  @Test func `If none can be used it is an error`() throws {
    let folder = try TemporaryFolder()
    try folder.write("no picture", to: "hole.png")
    let generator = try HolePictures(.folder(folder.path)) { _ in }
    var stream = RandomStream(seed: 1, purpose: "test")
    let found = try failure { try generator.drawing(width: 8, height: 8, using: &stream) }
    #expect(found.kind == .data && found.message.contains("found none among 1"))
  }

  @Test func `Thin scratches are kept in a small size`() throws {
    let folder = try TemporaryFolder()
    let scratch = Hole(width: 512, height: 512) { x, y in x == 37 || y == 401 }
    try folder.write(scratch.picture.pngData(), to: "hole.png")
    let generator = try HolePictures(.folder(folder.path)) { _ in }
    var stream = RandomStream(seed: 1, purpose: "test")
    #expect(try generator.drawing(width: 64, height: 64, using: &stream).missingCount == 127)
  }

  @Test func `The pictures themselves are no holes`() throws {
    let folder = try TemporaryFolder()
    try folder.write(leftColumn(), to: "a.png")
    let source = PictureSource.folder(folder.path)
    let pictures = try source.listing().pictures
    let found = try failure { try HolePictures(source, pictures: pictures) { _ in } }
    #expect(found.kind == .data && found.message.contains("a picture is never its own hole"))
    try folder.write(leftColumn(), to: "a_mask.png")
    let both = try source.listing().pictures
    #expect(try HolePictures(source, pictures: both) { _ in }.files.map(\.name) == ["a_mask.png"])
  }

  @Test func `Built-in pictures are no holes`() throws {
    let found = try failure { try HoleConfiguration.pictures(.builtIn(.objects)).generator(pictureSize: 8) }
    #expect(found.kind == .configuration)
  }
}
