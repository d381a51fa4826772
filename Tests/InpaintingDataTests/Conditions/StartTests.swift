import Imaging
import Tensors
import Testing

@testable import InpaintingData

@Suite struct StartTests {
  private let example = Example(
    picture: Picture(
      width: 8, height: 8, channels: 3, pixels: (0..<64).flatMap { [UInt8(3 * $0), UInt8(250 - 2 * $0), 40] }),
    hole: Hole(width: 8, height: 8) { x, y in x > 2 && y > 2 && x < 6 }, name: "a")

  @Test func `a batch has the start without that anybody gives it`() throws {
    let batch = InpaintingBatch([example], conditions: [.start])
    let start = try #require(batch[.start])
    #expect(start.shape == [1, 8, 8, 3])
    #expect(start.elements == PullPushFill(example.picture, hole: example.hole).values.map { Scalar($0) })
    #expect(InpaintingBatch([example])[.start] == nil)
  }

  @Test func `one that was made in the background is the same, and is made once`() {
    let supplied = example.supplied(with: [.edges, .start])
    #expect(supplied.conditions[.start] != nil && supplied.conditions[.edges] == nil)
    #expect(supplied.supplied(with: [.start]) == supplied)
    let (first, second) = (
      InpaintingBatch([example], conditions: [.start]), InpaintingBatch([supplied], conditions: [.start])
    )
    #expect(first[.start]?.elements == second[.start]?.elements)
    #expect(example.supplied(with: [.edges]) == example)
  }

  @Test func `patches are those of the classical fill, whatever is in the hole`() throws {
    let size = 32
    let hole = Hole(width: size, height: size) { x, y in (9..<20).contains(x) && (7..<21).contains(y) }
    let pixels = (0..<size * size).flatMap { (pixel: Int) -> [UInt8] in
      let (row, column) = pixel.quotientAndRemainder(dividingBy: size)
      return [UInt8(column % 7 * 30), UInt8(row % 5 * 50), UInt8(pixel % 11 * 20)]
    }
    let picture = Picture(width: size, height: size, channels: 3, pixels: pixels)
    let example = Example(picture: picture, hole: hole, name: "a")
    for threads in [1, 3] {
      var filled = picture
      ClassicalFill.patches.fill(&filled, hole: hole, threads: threads)
      #expect(filled != picture)
      let expected = InpaintingBatch([Example(picture: filled, hole: hole, name: "")]).images.elements
      #expect(InpaintingBatch([example], conditions: [.patches]).initialPictures.elements == expected)
      let other = Example(
        picture: picture.withMissingPixels(of: hole, filledWith: 7), hole: hole, name: "b")
      let supplied = other.supplied(with: [.patches])
      #expect(supplied.conditions[.patches] != nil && supplied.conditions[.start] == nil)
      #expect(InpaintingBatch([supplied], conditions: [.patches]).initialPictures.elements == expected)
    }
  }

  @Test func `patches of a gray picture, and of one of which nothing is known, are pixels too`() throws {
    let gray = Picture(width: 8, height: 8, channels: 1, pixels: [UInt8](repeating: 51, count: 64))
    for (hole, value) in [(example.hole, Scalar(51) / 127.5 - 1), (Hole(width: 8, height: 8) { _, _ in true }, 0)] {
      let start = try #require(
        InpaintingBatch([Example(picture: gray, hole: hole, name: "")], conditions: [.patches])[.patches])
      #expect(start.shape == [1, 8, 8, 3] && start.elements.allSatisfy { abs($0 - value) < 0.01 })
    }
  }

  @Test(arguments: [Start.harmonic, .patches])
  func `rasters of starts are cropped, mirrored, reflected and resized like pictures`(_ start: Start) throws {
    let raster = try #require(example.supplied(with: start.conditions).conditions.all.first)
    #expect(raster.condition == start.conditions.first)
    let shown = raster.shown(with: example.hole)
    let part = PixelRectangle(x: 1, y: 2, width: 4, height: 5)
    #expect(raster.cropped(to: part).shown(with: example.hole) == shown.cropped(to: part))
    #expect(raster.flippedHorizontally().shown(with: example.hole) == shown.flippedHorizontally())
    #expect(
      raster.reflected(toWidth: 11, height: 9).shown(with: example.hole) == shown.reflected(toWidth: 11, height: 9))
    let resized = raster.resized(toWidth: 5, height: 3)
    #expect((resized.width, resized.height) == (5, 3))
  }

  @Test func `a started picture is known where it is known`() {
    let batch = InpaintingBatch([example], conditions: [.start])
    let (started, images) = (batch.initialPictures.elements, batch.images.elements)
    for index in images.indices {
      let expected = example.hole.values[index / 3] == 0 ? images[index] : batch[.start]!.elements[index]
      #expect(started[index] == expected)
    }
    #expect(started != images)
  }

  @Test func `examples are prepared with what the model takes`() throws {
    let pictures = try PictureCollection(.builtIn(.objects), seed: 1)
    func prepared(_ conditions: [Condition]) throws -> Example {
      try ExamplePreparation(
        size: 24, crop: .random, flip: true, holes: BoxHoles(pictureSize: 24), conditions: conditions, seed: 1
      ).example(number: 3, picture: 0, of: pictures)
    }
    let (plain, started) = (try prepared([]), try prepared([.start]))
    #expect(plain.conditions[.start] == nil && plain.supplied(with: [.start]) == started)
  }

  @Test func `a batch without a start is a programmer's error where one is needed`() async {
    await #expect(processExitsWith: .failure) {
      _ = InpaintingBatch(images: .zeros([1, 4, 4, 3]), holes: .ones([1, 4, 4, 1])).initialPictures
    }
  }
}
