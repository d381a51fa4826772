import Imaging
import InpaintingData
import InpaintingModels
import Testing

@testable import Training

@Suite struct SampleSheetTests {
  @Test func `a row ends with what patches make of the picture`() throws {
    let configuration = try SmallRun("model.width=8", "data.validation_count=5").configuration
    let data = try TrainingData(configuration.data, holes: configuration.holes, seed: 0) { _ in }
    let validation = try #require(try data.validation { _ in })
    let sheet = try SampleSheet(validation).picture(of: configuration.model.makeModel(seed: 0))
    let size = configuration.data.size
    // The original, with its hole, two stages, completed, patches.
    #expect(sheet.width == 6 * (size + 4) + 4)
    for (row, example) in validation.examples.prefix(SampleSheet.rowCount).enumerated() {
      func cell(_ column: Int) -> Picture {
        sheet.cropped(
          to: PixelRectangle(
            x: 4 + column * (size + 4), y: 4 + row * (size + 4), width: size, height: size))
      }
      var patches = example.picture
      ClassicalFill.patches.fill(&patches, hole: example.hole, threads: 1)
      #expect(cell(0).pixels == example.picture.pixels)
      #expect(cell(5).pixels == patches.pixels && patches.pixels != example.picture.pixels)
    }
  }
}
