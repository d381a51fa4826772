import Imaging
import Tensors
import TestSupport
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct HoleGeneratorTests {
  /// Draws the same fraction of a picture each time: nothing, or everything.
  private struct Constant: HoleGenerator {
    let coversAll: Bool

    func drawing(width: Int, height: Int, using stream: inout RandomStream) -> Hole {
      var raster = Hole(width: width, height: height)
      if coversAll { raster.fillRectangle(x: 0, y: 0, width: width, height: height) }
      return raster
    }
  }

  @Test(arguments: [false, true])
  func `Where every drawing is nothing or everything there is no hole`(coversAll: Bool) throws {
    var stream = RandomStream(seed: 1, purpose: "test")
    #expect(try Constant(coversAll: coversAll).hole(width: 10, height: 8, using: &stream) == nil)
  }

  @Test func `An example then has a box in the middle, which is said once`() throws {
    let notes = Notes()
    let preparation = ExamplePreparation(
      size: 16, crop: .random, flip: false, holes: Constant(coversAll: true), seed: 7)
    let loader = BatchLoader(
      pictures: try PictureCollection(.builtIn(.objects), seed: 1), preparation: preparation, batchSize: 2
    ) { notes.add($0) }
    let examples = try loader.next().examples
    loader.stop()
    #expect(examples.allSatisfy { $0.hole == .centeredBox(width: 16, height: 16) })
    let said = notes.all.sorted()
    #expect(
      said.count == 2 && said[0].contains("a box in the middle took its place") && said[1].contains("not the only"))
  }

  @Test func `The box in the middle has half the sides`() {
    let hole = Hole.centeredBox(width: 10, height: 8)
    #expect(hole.missingFraction == 0.25)
    #expect(hole.isMissing(x: 2, y: 2) && hole.isMissing(x: 6, y: 5))
    #expect(!hole.isMissing(x: 1, y: 3) && !hole.isMissing(x: 7, y: 3))
  }

  @Test func `A hole is a pure function of the stream`() throws {
    let generator = try HoleConfiguration.deepFill(pictureSize: 64).generator(pictureSize: 64)
    func draw(_ step: Int) throws -> Hole? {
      var stream = RandomStream(seed: 5, purpose: "test", step: step)
      return try generator.hole(width: 64, height: 64, using: &stream)
    }
    #expect(try draw(0) == draw(0))
    #expect(try draw(0) != draw(1))
  }

  @Test func `Holes fit pictures that are not square`() throws {
    for index in 0..<50 {
      var stream = RandomStream(seed: 2, purpose: "test", step: index)
      let strokes = try #require(try FreeFormHoles().hole(width: 200, height: 40, using: &stream))
      let irregular = try #require(try IrregularHoles().hole(width: 40, height: 200, using: &stream))
      #expect(strokes.width == 200 && strokes.height == 40)
      #expect(irregular.width == 40 && irregular.height == 200)
    }
  }
}

@Suite struct HoleConfigurationTests {
  static let impossible: [(HoleConfiguration, String)] = [
    (.box(BoxHoles(height: 65, width: 32)), "height"),
    (.box(BoxHoles(height: 32, width: 0)), "width"),
    (.box(BoxHoles(height: 32, width: 32, verticalMargin: 17)), "margin"),
    (.box(BoxHoles(height: 32, width: 32, horizontalMargin: -1)), "margin"),
    (.box(BoxHoles(height: 32, width: 32, maximumWidthDelta: 32)), "shrink"),
    (.box(BoxHoles(height: 64, width: 64)), "covers all"),
    (.freeForm(FreeFormHoles(strokes: 0...3)), "strokes"),
    (.freeForm(FreeFormHoles(vertices: 1...Int.max)), "vertices"),
    (.freeForm(FreeFormHoles(brushWidth: 0...3)), "brush"),
    (.irregular(IrregularHoles(segments: -1...3)), "segments"),
    (.irregular(IrregularHoles(directions: 0)), "directions"),
    (.irregular(IrregularHoles(length: 0...3)), "length"),
    (.irregular(IrregularHoles(fraction: 0.1...1.5)), "fraction"),
    (.union([]), "in a union"),
    (.union([.box(BoxHoles(pictureSize: 64)), .box(BoxHoles(height: 65, width: 32))]), "height"),
  ]

  @Test(arguments: impossible)
  func `A value out of range is named`(configuration: HoleConfiguration, word: String) throws {
    let found = try failure { try configuration.generator(pictureSize: 64) }
    #expect(found.kind == .configuration && found.message.contains(word))
  }

  @Test(arguments: [2, 3, 64, 256])
  func `The holes of DeepFill fit pictures of every size`(size: Int) throws {
    let generator = try HoleConfiguration.deepFill(pictureSize: size).generator(pictureSize: size)
    let preparation = ExamplePreparation(size: size, crop: .random, flip: false, holes: generator, seed: 1)
    let fraction = try preparation.hole(number: 0) { _ in }.missingFraction
    #expect(fraction > 0 && fraction < 1)
  }

  @Test func `A box of the whole picture that shrinks is fine`() throws {
    _ = try HoleConfiguration.box(BoxHoles(height: 64, width: 64, maximumHeightDelta: 2)).generator(pictureSize: 64)
    _ = try HoleConfiguration.box(BoxHoles(height: 64, width: 63)).generator(pictureSize: 64)
  }
}
