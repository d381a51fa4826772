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
      let hole = try generator.hole(width: 8, height: 8, using: &stream)
      #expect(hole.missingFraction == 0.25)
      #expect(hole.isMissing(x: 1, y: 7) != hole.isMissing(x: 6, y: 0))
      if hole.isMissing(x: 6, y: 0) { mirrored += 1 }
    }
    #expect((30...70).contains(mirrored))
  }

  @Test func `A damaged hole picture is an error that names it`() throws {
    let folder = try TemporaryFolder()
    try folder.write("no picture", to: "hole.png")
    let generator = try HolePictures(.folder(folder.path))
    var stream = RandomStream(seed: 1, purpose: "test")
    let found = try failure { try generator.hole(width: 8, height: 8, using: &stream) }
    #expect(found.kind == .data && found.message.contains("hole.png"))
  }

  @Test func `Built-in pictures are no holes`() throws {
    let found = try failure { try HoleConfiguration.pictures(.procedural).generator(pictureSize: 8) }
    #expect(found.kind == .configuration)
  }
}
