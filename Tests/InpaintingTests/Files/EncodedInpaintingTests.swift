import Imaging
import InpaintingData
import Support
import Synchronization
import TestSupport
import Testing

@testable import Inpainting

struct EncodedInpaintingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func files(_ image: String, _ hole: String) throws -> EncodedInpainting.Files {
    EncodedInpainting.Files(
      picture: try FileReader.read(folder.file(image)), hole: try FileReader.read(folder.file(hole)))
  }

  @Test(arguments: ["png", "jpg", "webp"]) func `files in memory become what files on the disk become`(
    format: String
  ) throws {
    try folder.add(.noise(width: 20, height: 12, hasAlpha: format != "jpg"), "a.\(format)")
    try folder.add(.hole(width: 20, height: 12, PixelRectangle(3, 4, 9, 8)), "h.png")
    var request = folder.request("a.\(format)", "h.png", "out.\(format)")
    request.method = .harmonic
    _ = try InpaintingRun(request, console: .silent).run(by: .harmonic)
    let result = try EncodedInpainting(files("a.\(format)", "h.png"), settings: request).filled(by: .harmonic)
    #expect(result.bytes == (try FileReader.read(folder.file("out.\(format)"))))
    #expect(result.format.fileExtensions.contains(format) && result.outcome.contains("% of 20x12 pixels"))
    let network = Inpainter(
      PictureFiller(model: PaintingModel([9, 8, 7]), trainedSize: 16), trainedSize: 16, description: "paint")
    var regions: [Int] = []
    request.method = nil
    let painted = try EncodedInpainting(files("a.\(format)", "h.png"), settings: request, format: .png)
      .filled(by: network, progress: { region, count in regions += [region, count] })
    let picture = try Picture(decoding: painted.bytes)
    #expect(Array(picture.pixels[3 * (5 * 20 + 4)..<3 * (5 * 20 + 5)]) == [9, 8, 7] && regions == [0, 1])
  }

  @Test func `opacities stay, unless the hole is the transparency or what is filled is to be seen`() throws {
    var picture = Picture.noise(width: 4, height: 1)
    picture.alpha = [0, 100, 128, 255]
    let bytes = try picture.encoded(as: .png)
    let hole = try Hole(width: 4, height: 1) { x, _ in x == 1 || x == 2 }.picture.encoded(as: .png)
    var request = folder.request("", "", "")
    request.method = .harmonic
    func opacities(_ hole: [UInt8]?, makesFilledOpaque: Bool = false) throws -> [UInt8]? {
      let files = EncodedInpainting.Files(picture: bytes, hole: hole)
      let result = try EncodedInpainting(files, settings: request, makesFilledOpaque: makesFilledOpaque).filled(
        by: .harmonic)
      return try Picture(decoding: result.bytes).alpha
    }
    #expect(try opacities(hole) == [0, 100, 128, 255])
    #expect(try opacities(hole, makesFilledOpaque: true) == [0, 255, 255, 255])
    request.convention = .alpha
    #expect(try opacities(nil) == [255, 255, 128, 255])
    #expect(failure { _ = try opacities(hole) }?.kind == .usage)
  }

  @Test func `attention is told for a rectangle around the hole`() throws {
    let picture = Picture.noise(width: 40, height: 30)
    let hole = Hole(width: 40, height: 30) { x, y in (16..<24).contains(x) && (8..<16).contains(y) && x + y > 26 }
    let files = EncodedInpainting.Files(
      picture: try picture.encoded(as: .png), hole: try hole.picture.encoded(as: .png))
    let inpainting = try EncodedInpainting(files, settings: folder.request("", "", ""))
    let network = Inpainter(PictureFiller(model: tinyModel(), trainedSize: 32), trainedSize: 32, description: "tiny")
    let (bounds, offsets) = try #require(try inpainting.attention(by: network))
    #expect(bounds == hole.missingBounds(in: hole.bounds) && offsets.count == bounds.width * bounds.height)
    let field = try #require(
      try PictureFiller(model: tinyModel(), trainedSize: 32).fill(Example(picture, hole), showing: .attention).offsets)
    for (index, offset) in offsets.enumerated() {
      let (y, x) = index.quotientAndRemainder(dividingBy: bounds.width)
      let expected = field[bounds.x + x, bounds.y + y]
      #expect(abs(Float(offset.x) - expected.x) <= 0.5 && abs(Float(offset.y) - expected.y) <= 0.5)
    }
    #expect(offsets.contains { $0 != .zero } && offsets[0] == .zero)
    let painter = Inpainter(
      PictureFiller(model: PaintingModel([9, 8, 7]), trainedSize: 16), trainedSize: 16, description: "paint")
    #expect(try inpainting.attention(by: painter) == nil)
  }

  /// Says that nobody waits any more, once it was told to.
  private final class Interest: Sendable {
    private let isGone = Atomic(false)
    func end() { isGone.store(true, ordering: .relaxed) }
    func isCancelled() -> Bool { isGone.load(ordering: .relaxed) }
  }

  @Test func `a filling that nobody waits for ends without a result`() throws {
    try folder.add(.noise(width: 400, height: 12), "a.png")
    try folder.add(
      Hole(width: 400, height: 12) { x, y in (x < 4 || x > 395) && (4..<8).contains(y) }.picture, "h.png")
    var request = folder.request("", "", "")
    let network = Inpainter(
      PictureFiller(model: PaintingModel([9, 8, 7]), trainedSize: 16), trainedSize: 16, description: "paint")
    // The first of two regions is filled, the second is not begun.
    for ending in [0, 1] {
      let (interest, inpainting) = (Interest(), try EncodedInpainting(files("a.png", "h.png"), settings: request))
      var regions: [Int] = []
      #expect(throws: CancellationError.self) {
        try inpainting.filled(by: network, isCancelled: interest.isCancelled) { region, count in
          regions += [region, count]
          if region == ending { interest.end() }
        }
      }
      #expect(regions == (ending == 0 ? [0, 2] : [0, 2, 1, 2]))
    }
    for method in ClassicalFill.allCases {
      request.method = method
      let (interest, inpainting) = (Interest(), try EncodedInpainting(files("a.png", "h.png"), settings: request))
      var parts: [Int] = []
      #expect(throws: CancellationError.self) {
        try inpainting.filled(by: method, isCancelled: interest.isCancelled) { part, count in
          parts += [part, count]
          interest.end()
        }
      }
      #expect(parts == [0, 2])
    }
  }

  @Test func `an empty hole gives the file back, or writes it in another format`() throws {
    try folder.add(.noise(width: 20, height: 12), "a.jpg")
    try folder.add(.hole(width: 20, height: 12), "h.png")
    var request = folder.request("", "", "")
    request.method = .telea
    let same = try EncodedInpainting(files("a.jpg", "h.png"), settings: request).filled(by: .telea)
    #expect(same.bytes == (try FileReader.read(folder.file("a.jpg"))))
    let other = try EncodedInpainting(files("a.jpg", "h.png"), settings: request, format: .png).filled(by: .telea)
    #expect(try Picture(decoding: other.bytes) == folder.picture("a.jpg"))
  }

  @Test func `what is wrong is said of the picture, the hole and the sketch`() throws {
    try folder.add(.noise(width: 20, height: 12), "a.png")
    try folder.add(.hole(width: 12, height: 20, PixelRectangle(3, 4, 9, 8)), "h.png")
    let request = folder.request("", "", "")
    let sizes = failure {
      _ = try EncodedInpainting(files("a.png", "h.png"), settings: request).filled(by: .harmonic)
    }
    #expect(
      sizes?.message == "the hole: expected a hole picture of 20x12, the size of the picture, found 12x20")
    let picture = try files("a.png", "h.png").picture
    let damaged = EncodedInpainting.Files(picture: Array("text".utf8), hole: picture)
    #expect(
      failure { _ = try EncodedInpainting(damaged, settings: request) }?.message.hasPrefix("the picture: ") == true)
    let sketched = EncodedInpainting.Files(picture: picture, hole: picture, sketch: picture)
    let network = Inpainter(
      PictureFiller(model: PaintingModel([9, 8, 7]), trainedSize: 16), trainedSize: 16, description: "paint")
    let refused = failure { _ = try EncodedInpainting(sketched, settings: request).filled(by: network) }
    #expect(refused?.message == "the sketch: expected none, since the network was trained without edges")
    let labeled = EncodedInpainting.Files(picture: picture, hole: picture, labels: picture)
    for body in [
      { _ = try EncodedInpainting(labeled, settings: request).filled(by: network) },
      { _ = try EncodedInpainting(labeled, settings: request).labels(by: network) },
    ] {
      #expect(
        failure(of: body)?.message
          == "the labels: expected none, since the network was trained without labels to fill by")
    }
    let largest = try EncodedInpainting.largest(of: sketched)
    #expect((largest.width, largest.height) == (20, 12))
  }
}

struct EncodedLayerTests {
  private static let classes = LabelClasses(
    name: "test",
    classes: ["sky", "road", "car"].enumerated().map { .init(name: $1, color: RGB(UInt8(99 * $0), 90, 9)) })

  private func read(
    _ picture: Picture, as kind: EncodedLayer.Kind, size: (width: Int, height: Int) = (4, 1)
  ) throws -> EncodedLayer {
    try EncodedLayer(decoding: picture.encoded(as: .png), as: kind, size: size, maxMegapixels: 1)
  }

  private func pixels(_ layer: EncodedLayer) throws -> [UInt8] {
    try Picture(decoding: layer.png, keepsGray: true).pixels
  }

  @Test func `holes are read as fillings read them, by their colors or their opacities`() throws {
    var picture = Picture(width: 4, height: 1, channels: 1, pixels: [0, 127, 128, 255])
    #expect(try pixels(read(picture, as: .hole(.white))) == [0, 0, 255, 255])
    #expect(try pixels(read(picture, as: .hole(.black))) == [255, 255, 0, 0])
    // White strokes on nothing, and the gaps of a black canvas.
    picture = Picture(width: 4, height: 1, channels: 1, pixels: [255, 255, 255, 255])
    picture.alpha = [0, 127, 128, 255]
    let strokes = try read(picture, as: .hole(.white))
    #expect(try pixels(strokes) == [0, 0, 255, 255])
    let remark = strokes.remarks.map { $0.text { $0.value ?? "" } }.joined()
    #expect(remark.contains("the opacities are the hole, and opaque pixels are missing"), "\(remark)")
    picture.pixels = [0, 0, 0, 0]
    #expect(try pixels(read(picture, as: .hole(.white))) == [255, 255, 0, 0])
    picture = Picture(width: 4, height: 1, channels: 1, pixels: [0, 1, 0, 1])
    #expect(
      failure { _ = try read(picture, as: .hole(.white)) }?.message.hasPrefix("the hole: nothing is missing") == true)
  }

  @Test func `lines are white on black, whatever they were`() throws {
    let ink = Picture(width: 4, height: 1, channels: 1, pixels: [255, 0, 255, 255])
    #expect(try pixels(read(ink, as: .sketch)) == [0, 255, 0, 0])
    let chalk = Picture(width: 4, height: 1, channels: 1, pixels: [0, 255, 0, 0])
    #expect(try pixels(read(chalk, as: .sketch)) == [0, 255, 0, 0])
    #expect(try read(Picture(width: 4, height: 1, channels: 1, pixels: [0, 0, 0, 0]), as: .sketch).remarks.count == 1)
  }

  @Test func `labels come as ids or colors, and go in the palette`() throws {
    let ids = Picture(width: 4, height: 1, channels: 1, pixels: [2, 0, 255, 1])
    let map = LabelMap(width: 4, height: 1, values: [2, 0, LabelMap.ignored, 1], classes: Self.classes)
    #expect(try read(ids, as: .labels(Self.classes)).png == map.encodedPNG())
    let colors = Picture(width: 4, height: 1, channels: 3, pixels: [198, 90, 9, 0, 90, 9, 0, 0, 0, 99, 90, 9])
    #expect(try read(colors, as: .labels(Self.classes)).png == map.encodedPNG())
    let foreign = Picture(width: 4, height: 1, channels: 1, pixels: [2, 0, 7, 1])
    #expect(
      failure { _ = try read(foreign, as: .labels(Self.classes)) }?.message.hasPrefix(
        "the labels: the value 7 at x 2, y 0 is no class of test, expected 0 to 2") == true)
  }

  @Test func `a file of another size is refused with the sentence of inpaint`() throws {
    let picture = Picture(width: 4, height: 1, channels: 1, pixels: [255, 0, 255, 255])
    let nouns: [(EncodedLayer.Kind, String)] = [
      (.hole(.white), "the hole: expected a hole picture"), (.sketch, "the sketch: expected a picture of lines"),
      (.labels(Self.classes), "the labels: expected a label map"),
    ]
    for (kind, words) in nouns {
      let refused = failure { _ = try read(picture, as: kind, size: (2, 2)) }
      #expect(refused?.message == "\(words) of 2x2, the size of the picture, found 4x1")
    }
  }
}
