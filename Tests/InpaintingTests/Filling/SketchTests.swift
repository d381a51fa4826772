import Imaging
import InpaintingData
import Support
import Tensors
import TestSupport
import Testing

@testable import Inpainting
@testable import InpaintingModels

/// Sketches on the way to a guided DeepFill v2.
struct SketchTests {
  private let picture = Picture.noise(width: 40, height: 32)
  private let hole = Hole(width: 40, height: 32) { x, y in (8..<24).contains(x) && (6..<22).contains(y) }

  private func model(isGuided: Bool = true) throws -> any InpaintingModel {
    let section = try ModelSection(
      name: "deepfill_v2",
      settings: [
        ("width", 8), ("discriminator_width", 2), ("guidance", JSONValue(isGuided)),
        ("initialization", "variance_preserving"),
      ],
      overrides: [], path: "test")
    return section.configuration.makeModel(seed: 2)
  }

  private func lines(_ isLine: (_ x: Int, _ y: Int) -> Bool) -> Picture {
    Hole(width: 40, height: 32, isMissing: isLine).picture
  }

  private func fill(_ sketch: Picture?) throws -> [UInt8] {
    let filler = PictureFiller(model: try model(), trainedSize: 32)
    let inpainter = Inpainter(filler, trainedSize: 32, takesSketches: true, description: "test")
    return try inpainter.fill(picture, hole: hole, sketch: sketch).pixels
  }

  @Test func `lines outside the hole change no byte, and lines inside change the hole alone`() throws {
    let without = try fill(nil)
    #expect(try fill(lines { x, _ in x == 3 || x == 30 }) == without)
    #expect(try fill(lines { _, _ in false }) == without)
    let with = try fill(lines { x, _ in x == 15 })
    #expect(with != without)
    for pixel in hole.values.indices where hole.values[pixel] == 0 {
      #expect(Array(with[3 * pixel..<3 * pixel + 3]) == Array(picture.pixels[3 * pixel..<3 * pixel + 3]))
    }
    // Black lines on white are the same lines.
    let inverted = lines { x, _ in x != 15 }
    #expect(try fill(inverted) == with)
  }

  @Test func `a network that takes no sketch, and a sketch of another size, are refused`() throws {
    let filler = PictureFiller(model: try model(isGuided: false), trainedSize: 32)
    let inpainter = Inpainter(filler, trainedSize: 32, description: "test")
    #expect(failure { _ = try inpainter.fill(picture, hole: hole, sketch: picture) }?.kind == .usage)
    #expect(failure { _ = try fill(Picture.noise(width: 32, height: 40)) }?.kind == .data)
  }

  @Test func `a run refuses sketches for weights that take none`() throws {
    let folder = try TemporaryFolder()
    try folder.add(picture, "a.png")
    try folder.add(hole.picture, "h.png")
    try folder.add(lines { x, _ in x == 15 }, "s.png")
    var request = folder.request("a.png", "h.png", "out.png")
    request.sketch = folder.file("s.png")
    let run = try InpaintingRun(request, console: .silent)
    let refused = failure { _ = try run.run(model: try model(isGuided: false), trainedSize: 32) }
    #expect(refused?.kind == .usage && refused?.message.contains("`model.guidance`") == true)
    #expect(try run.run(model: try model(), trainedSize: 32).isComplete)
    #expect(try folder.picture("out.png").pixels == fill(lines { x, _ in x == 15 }))
    request.method = .harmonic
    #expect(failure { _ = try InpaintingRun(request, console: .silent) }?.message.contains("leave it out") == true)
  }
}
