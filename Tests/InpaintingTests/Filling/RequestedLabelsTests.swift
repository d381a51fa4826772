import Imaging
import InpaintingData
import Support
import Tensors
import TestSupport
import Testing

@testable import Inpainting
@testable import InpaintingModels

/// Label maps on the way to semantic guidance.
struct RequestedLabelsTests {
  private let picture = Picture.noise(width: 40, height: 32)
  private let hole = Hole(width: 40, height: 32) { x, y in (8..<24).contains(x) && (6..<22).contains(y) }
  private static let classes = LabelClasses(
    name: "test",
    classes: ["sky", "road", "car"].enumerated().map { .init(name: $1, color: RGB(UInt8(99 * $0), 90, 9)) })

  private func model(stages: Int = 2) throws -> any InpaintingModel {
    let section = try ModelSection(
      name: "semantic_guidance",
      settings: [
        ("width", 4), ("discriminator_width", 2), ("classes", Self.classes.json), ("stages", JSONValue(stages)),
        ("initialization", "variance_preserving"),
      ] + (stages == 2 ? [("spade_hidden", 4), ("decoder_discriminator_width", 2)] : []),
      overrides: [], path: "test")
    return section.configuration.makeModel(seed: 2)
  }

  private func inpainter(stages: Int = 2) throws -> Inpainter {
    let model = try model(stages: stages)
    let classes = model.requestedClasses
    return Inpainter(
      PictureFiller(model: try self.model(stages: stages), trainedSize: 32), trainedSize: 32, labelClasses: classes,
      description: "test")
  }

  @Test func `a map that is shown and given back changes no byte, and an edited one the hole alone`() throws {
    let inpainter = try inpainter()
    let own = try inpainter.fill(picture, hole: hole).pixels
    let predicted = try #require(try inpainter.labels(of: picture, hole: hole))
    #expect((predicted.width, predicted.height) == (40, 32) && !predicted.values.contains(LabelMap.ignored))
    let read = try inpainter.labels(decoding: predicted.encodedPNG(), name: "out.labels.png")
    #expect(read == predicted)
    #expect(try inpainter.fill(picture, hole: hole, labels: read).pixels == own)
    var (inside, outside) = (predicted, predicted)
    for (pixel, missing) in hole.values.enumerated() {
      if missing != 0 { inside.values[pixel] = (predicted.values[pixel] + 1) % 3 } else { outside.values[pixel] = 2 }
    }
    #expect(try inpainter.fill(picture, hole: hole, labels: outside).pixels == own)
    let edited = try inpainter.fill(picture, hole: hole, labels: inside).pixels
    #expect(edited != own)
    for pixel in hole.values.indices where hole.values[pixel] == 0 {
      #expect(Array(edited[3 * pixel..<3 * pixel + 3]) == Array(picture.pixels[3 * pixel..<3 * pixel + 3]))
    }
  }

  @Test func `what the views of several holes show is put together`() throws {
    let large = Picture.noise(width: 160, height: 64)
    let hole = Hole(width: 160, height: 64) { x, y in (10..<16).contains(y) && (x / 8 == 1 || x / 8 == 18) }
    let labels = try #require(try inpainter().labels(of: large, hole: hole))
    func value(_ x: Int, _ y: Int) -> UInt8 { labels.values[y * 160 + x] }
    // Between the two views the network saw nothing.
    #expect(value(80, 12) == LabelMap.ignored && value(12, 60) == LabelMap.ignored)
    #expect(hole.values.indices.allSatisfy { hole.values[$0] == 0 || labels.values[$0] < 3 })
  }

  @Test func `a network without a second stage takes none, and maps of other sizes and classes are refused`() throws {
    let map = LabelMap(ignoredOfWidth: 40, height: 32, classes: Self.classes)
    #expect(try !inpainter(stages: 1).takesLabels && inpainter().takesLabels)
    #expect(failure { _ = try inpainter(stages: 1).fill(picture, hole: hole, labels: map) }?.kind == .usage)
    let small = LabelMap(ignoredOfWidth: 39, height: 32, classes: Self.classes)
    #expect(failure { _ = try inpainter().fill(picture, hole: hole, labels: small) }?.kind == .data)
    let other = LabelMap(ignoredOfWidth: 40, height: 32, classes: .procedural)
    #expect(failure { _ = try inpainter().fill(picture, hole: hole, labels: other) }?.kind == .usage)
  }

  @Test func `a run shows the map, reads it back, and refuses maps for weights that follow none`() throws {
    let folder = try TemporaryFolder()
    try folder.add(picture, "a.png")
    try folder.add(hole.picture, "h.png")
    var request = folder.request("a.png", "h.png", "out.webp")
    request.parts = .labels
    #expect(try InpaintingRun(request, console: .silent).run(model: model(), trainedSize: 32).isComplete)
    #expect(folder.names == ["a.png", "h.png", "out.labels.overlay.png", "out.labels.png", "out.webp"])
    let shown = try LabelMap(
      contentsOfFile: folder.file("out.labels.png"), classes: Self.classes, remap: LabelRemap())
    #expect(try shown == inpainter().labels(of: picture, hole: hole))
    #expect(try folder.picture("out.labels.overlay.png") == shown.laid(over: folder.picture("out.webp")))
    request.labels = folder.file("out.labels.png")
    request.output = folder.file("again.webp")
    request.parts = []
    let run = try InpaintingRun(request, console: .silent)
    #expect(try run.run(model: model(), trainedSize: 32).isComplete)
    #expect(try folder.picture("again.webp") == folder.picture("out.webp"))
    let refused = failure { _ = try run.run(model: try model(stages: 1), trainedSize: 32) }
    #expect(refused?.kind == .usage && refused?.message.contains("expected a network that fills by labels") == true)
    request.method = .harmonic
    #expect(failure { _ = try InpaintingRun(request, console: .silent) }?.message.contains("leave it out") == true)
    request.method = nil
    request.labels = folder.file("gone.png")
    #expect(failure { _ = try InpaintingRun(request, console: .silent) }?.kind == .missingInput)
  }

  private func priors() throws -> any InpaintingModel {
    let section = try ModelSection(
      name: "coherence_priors",
      settings: [("width", 8), ("discriminator_width", 2), ("classes", Self.classes.json)], overrides: [], path: "test")
    return section.configuration.makeModel(seed: 2)
  }

  @Test func `coherence priors show labels of each scale, and follow others in the hole`() throws {
    let folder = try TemporaryFolder()
    try folder.add(picture, "a.png")
    try folder.add(hole.picture, "h.png")
    var request = folder.request("a.png", "h.png", "out.png")
    request.parts = .labels
    #expect(try InpaintingRun(request, console: .silent).run(model: priors(), trainedSize: 32).isComplete)
    let scales = ["eighth", "half", "overlay"].map { "out.labels.\($0).png" }
    #expect(folder.names == ["a.png", "h.png"] + scales + ["out.labels.png", "out.labels.quarter.png", "out.png"])
    func map(_ name: String) throws -> LabelMap {
      try LabelMap(contentsOfFile: folder.file(name), classes: Self.classes, remap: LabelRemap())
    }
    let eighth = try map("out.labels.eighth.png")
    #expect((eighth.width, eighth.height) == (40, 32))
    for (pixel, value) in eighth.values.enumerated() {
      #expect(value == eighth.values[pixel / 40 / 8 * 8 * 40 + pixel % 40 / 8 * 8])
    }
    // What was shown and is given back changes nothing.
    request.labels = folder.file("out.labels.png")
    request.output = folder.file("again.png")
    request.parts = []
    #expect(try InpaintingRun(request, console: .silent).run(model: priors(), trainedSize: 32).isComplete)
    #expect(try folder.picture("again.png") == folder.picture("out.png"))
    // A map asks inside the hole alone.
    var asked = try map("out.labels.png")
    for pixel in hole.values.indices { asked.values[pixel] = hole.values[pixel] != 0 ? 1 : 2 }
    let inpainter = Inpainter(
      PictureFiller(model: try priors(), trainedSize: 32), trainedSize: 32, labelClasses: Self.classes,
      description: "test")
    let filled = try inpainter.fill(picture, hole: hole, labels: asked).pixels
    #expect(filled != (try folder.picture("out.png").pixels))
    for pixel in hole.values.indices where hole.values[pixel] == 0 { asked.values[pixel] = LabelMap.ignored }
    #expect(try inpainter.fill(picture, hole: hole, labels: asked).pixels == filled)
  }
}
