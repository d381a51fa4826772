import Imaging
import Support
import TestSupport
import Testing

@testable import Inpainting

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
        "the labels: the value 7 at x 2, y 0 is no class of test: expected 0 to 2") == true)
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
