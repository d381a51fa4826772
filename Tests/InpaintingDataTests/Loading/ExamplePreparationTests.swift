import Imaging
import Tensors
import TestSupport
import Testing

@testable import InpaintingData

@Suite struct ExamplePreparationTests {
  private func preparation(crop: Crop = .random, flip: Bool = true, seed: UInt64 = 1) -> ExamplePreparation {
    ExamplePreparation(size: 24, crop: crop, flip: flip, holes: BoxHoles(pictureSize: 24), seed: seed)
  }

  @Test func `An example is a pure function of seed, number and picture`() throws {
    let pictures = try PictureCollection(.builtIn(.objects), seed: 1)
    func example(_ number: Int, seed: UInt64 = 1) throws -> Example {
      try preparation(seed: seed).example(number: number, picture: 0, of: pictures)
    }
    #expect(try example(4) == example(4))
    #expect(try example(4).hole != example(5).hole)
    #expect(try example(4).hole != example(4, seed: 2).hole)
  }

  @Test func `Half of the pictures are mirrored, or none`() throws {
    let pictures = try PictureCollection(.builtIn(.objects), seed: 1)
    let upright = try pictures.picture(at: 0, size: 24)
    let flipped = try (0..<100).filter {
      try preparation().example(number: $0, picture: 0, of: pictures).picture == upright.flippedHorizontally()
    }
    #expect((30...70).contains(flipped.count))
    let number = try #require(flipped.first)
    #expect(try preparation(flip: false).example(number: number, picture: 0, of: pictures).picture == upright)
  }

  @Test func `Files are cut to size, opacities dropped`() throws {
    let folder = try TemporaryFolder()
    let picture = Picture(
      width: 40, height: 30, channels: 3, pixels: [UInt8](repeating: 90, count: 3600),
      alpha: [UInt8](repeating: 0, count: 1200))
    try folder.write(picture.pngData(), to: "a.png")
    let pictures = try PictureCollection(.folder(folder.path), seed: 1)
    let example = try preparation().example(number: 0, picture: 0, of: pictures)
    #expect(example.picture == Picture(width: 24, height: 24, filledWith: [90, 90, 90]))
    #expect(example.name == "a.png")
  }

  @Test func `The geometry of a number is drawn once, whatever rasters it is applied to`() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(value: 7, width: 60, height: 44, to: "a.png")
    var source = try Picture(contentsOfFile: folder.path + "/a.png")
    for index in source.pixels.indices { source.pixels[index] = UInt8(truncatingIfNeeded: index * 37) }
    try folder.write(source.pngData(), to: "a.png")
    let pictures = try PictureCollection(.folder(folder.path), seed: 1)
    var geometries: [CropGeometry] = []
    for number in 0..<20 {
      let geometry = preparation().geometry(number: number, width: 60, height: 44)
      #expect(geometry == preparation().geometry(number: number, width: 60, height: 44))
      #expect(
        try preparation().example(number: number, picture: 0, of: pictures).picture == geometry.applied(to: source))
      geometries.append(geometry)
    }
    #expect(geometries.contains(where: \.isFlipped) && !geometries.allSatisfy(\.isFlipped))
    #expect(Set(geometries.map(\.part.x)).count > 5 && Set(geometries.map(\.part.width)).count > 5)
  }
}
