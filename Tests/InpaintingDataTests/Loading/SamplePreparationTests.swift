import Imaging
import Tensors
import TestSupport
import Testing

@testable import InpaintingData

@Suite struct SamplePreparationTests {
  private func preparation(crop: Crop = .random, flip: Bool = true, seed: UInt64 = 1) -> SamplePreparation {
    SamplePreparation(size: 24, crop: crop, flip: flip, holes: BoxHoles(pictureSize: 24), seed: seed)
  }

  @Test func `A sample is a pure function of seed, number and picture`() throws {
    let pictures = try PictureCollection(.procedural, seed: 1)
    func sample(_ number: Int, seed: UInt64 = 1) throws -> Sample {
      try preparation(seed: seed).sample(number: number, picture: 0, of: pictures)
    }
    #expect(try sample(4) == sample(4))
    #expect(try sample(4).hole != sample(5).hole)
    #expect(try sample(4).hole != sample(4, seed: 2).hole)
  }

  @Test func `Half of the pictures are mirrored, or none`() throws {
    let pictures = try PictureCollection(.procedural, seed: 1)
    let upright = try pictures.picture(at: 0, size: 24)
    let flipped = try (0..<100).filter {
      try preparation().sample(number: $0, picture: 0, of: pictures).picture == upright.flippedHorizontally()
    }
    #expect((30...70).contains(flipped.count))
    let number = try #require(flipped.first)
    #expect(try preparation(flip: false).sample(number: number, picture: 0, of: pictures).picture == upright)
  }

  @Test func `Files are cut to size, opacities dropped`() throws {
    let folder = try TemporaryFolder()
    let picture = Picture(
      width: 40, height: 30, channels: 3, pixels: [UInt8](repeating: 90, count: 3600),
      alpha: [UInt8](repeating: 0, count: 1200))
    try folder.write(picture.pngData(), to: "a.png")
    let pictures = try PictureCollection(.folder(folder.path), seed: 1)
    let sample = try preparation().sample(number: 0, picture: 0, of: pictures)
    #expect(sample.picture == Picture(width: 24, height: 24, filledWith: [90, 90, 90]))
    #expect(sample.name == "a.png")
  }
}
