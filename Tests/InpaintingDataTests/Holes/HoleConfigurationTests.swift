import Tensors
import Testing

@testable import InpaintingData
@testable import Support

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
    (.union([]), "no parts"),
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
