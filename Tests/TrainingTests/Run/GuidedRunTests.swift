import Imaging
import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support
@testable import Training

@Suite struct GuidedRunTests {
  private static let guidance = ["model.guidance=true", "training.steps=4"]

  @Test(arguments: [[], ["model.start=harmonic", "model.width=8", "model.stages=1", #"data.edges={"kind":"scene"}"#]])
  func `a guided run that is interrupted goes on bit for bit`(_ changes: [String]) throws {
    let folder = try TemporaryFolder()
    let run = try SmallRun(Self.guidance + changes)
    try run.train(in: folder.file("whole"))
    try SmallRun(Self.guidance + changes + ["training.steps=2"]).train(in: folder.file("parts"))
    try run.train(in: folder.file("parts"), resume: .newest)
    let whole = try SmallRun.checkpoint(folder.file("whole"), step: 4)
    #expect(try whole == SmallRun.checkpoint(folder.file("parts"), step: 4))
    #expect(try LoadedModel(path: folder.file("whole")).model.conditions.contains(.edges))
    // Other edges are another run.
    let other = try SmallRun(Self.guidance + changes + [#"data.edges={"kind":"xdog"}"#])
    try other.train(in: folder.file("other"))
    #expect(try whole != SmallRun.checkpoint(folder.file("other"), step: 4))
  }

  @Test func `edges are of no use to a model that takes none, and that is said`() throws {
    let folder = try TemporaryFolder()
    let run = try SmallRun(#"data.edges={"kind":"canny"}"#)
    let refused = failure { try run.train(in: folder.file("run")) }
    #expect(refused?.kind == .configuration)
    #expect(
      refused?.message.hasPrefix("`data.edges`: expected none, as the model takes no conditions; leave it out") == true)
    #expect(failure { _ = try DryRun(run.configuration, directory: RunDirectory("x"), console: .silent) } == refused)
  }

  @Test func `sheets show the edges`() throws {
    let configuration = try SmallRun(Self.guidance).configuration
    let data = try TrainingData(
      configuration.data, holes: configuration.holes, conditions: configuration.model.conditions, seed: 0
    ) { _ in }
    let validation = try #require(try data.validation { _ in })
    let sheet = try SampleSheet(validation).picture(of: configuration.model.makeModel(seed: 0))
    // Original, hole, edges, two stages, completed, patches; 4 pixels between.
    #expect(sheet.width == 7 * 36 + 4)
    let example = validation.examples[0]
    let shown = try #require(example.conditions[.edges]).shown(with: example.hole).rgb()
    #expect(sheet.cropped(to: PixelRectangle(x: 4 + 2 * 36, y: 4, width: 32, height: 32)) == shown)
  }

  @Test func `a preview shows pictures, holes and conditions, and counts them`() throws {
    let configuration = try SmallRun(#"data.edges={"kind":"scene","absent":0.5}"#).configuration
    let preview = try DataPreview(configuration, console: .silent)
    #expect(preview.sheet.width == 3 * 36 + 4 && preview.sheet.height == DataPreview.shownCount * 36 + 4)
    #expect(preview.lines[1] == "sheet: 16 rows: picture, hole, edges")
    #expect(preview.lines.contains("the model deepfill_v2 takes no edges"))
    // A box of a quarter of the picture, or less.
    #expect(preview.lines.contains { $0.hasPrefix("holes of 256 examples: ") })
    #expect(preview.lines.filter { $0.hasPrefix("  10 to 20 %: ") || $0.hasPrefix("  20 to 30 %: ") }.count == 2)
    let edges = try #require(preview.lines.last)
    #expect(edges.hasPrefix("  edges: ") && edges.hasSuffix(" of the examples"))
  }
}
