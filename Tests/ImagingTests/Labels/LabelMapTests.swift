import Testing

@testable import Imaging
@testable import Support

struct LabelMapTests {
  private let map = LabelMap(width: 3, height: 2, values: [0, 1, 2, 255, 4, 5], classes: .celebAMaskHQ)

  @Test func `Maps are cropped, padded and resized without mixing classes`() {
    #expect(map.cropped(to: PixelRectangle(x: 1, y: 0, width: 2, height: 2)).values == [1, 2, 4, 5])
    #expect(map.reflected(toWidth: 4, height: 3).values == [0, 1, 2, 1, 255, 4, 5, 4, 0, 1, 2, 1])
    #expect(map.resized(toWidth: 6, height: 2).values == [0, 0, 1, 1, 2, 2, 255, 255, 4, 4, 5, 5])
    let noise = LabelMap(
      width: 23, height: 17, values: Picture.noise(width: 23, height: 17, channels: 1).pixels.map { $0 % 19 },
      classes: .celebAMaskHQ)
    for (width, height) in [(40, 31), (9, 5), (24, 4)] {
      let expected = (0..<width * height).map { index in
        let (x, y) = (index % width * 2 + 1, index / width * 2 + 1)
        return noise.values[y * 17 / (2 * height) * 23 + x * 23 / (2 * width)]
      }
      #expect(noise.resized(toWidth: width, height: height).values == expected)
    }
  }

  @Test func `A mirror exchanges left and right classes`() {
    #expect(map.flippedHorizontally().values == [2, 1, 0, 4, 5, 255])
    #expect(map.flippedHorizontally().flippedHorizontally() == map)
    let street = LabelMap(width: 3, height: 1, values: [4, 5, 255], classes: .camVid)
    #expect(street.flippedHorizontally().values == [255, 5, 4])
  }

  @Test func `Colors are the palette's`() {
    #expect(
      map.colors.pixels == [0, 0, 0, 204, 0, 0, 76, 153, 0, 255, 255, 255, 51, 51, 255, 204, 0, 204] as [UInt8])
  }

  @Test func `Shares are of all pixels`() {
    let shares = LabelMap(width: 4, height: 1, values: [255, 3, 3, 3], classes: .camVid).shares()
    #expect(shares.classes == [0, 0, 0, 0.75, 0, 0, 0, 0, 0, 0, 0])
    #expect(shares.ignored == 0.25)
  }

  @Test func `Another size than the picture's is an error`() throws {
    try map.requireSize(width: 3, height: 2, path: "a.png")
    let failure = try #require(throws: Failure.self) { try map.requireSize(width: 2, height: 3, path: "a.png") }
    #expect(failure.kind == .data)
    #expect(
      failure.message
        == "a.png: expected a label map of the picture's size 2x3, found 3x2; resize it without smoothing (nearest neighbor)"
    )
  }

  @Test func `Maps are scaled to pictures of the same ratio only`() throws {
    #expect(try map.scaled(toWidth: 6, height: 4, path: "a.png").values.prefix(6) == [0, 0, 1, 1, 2, 2])
    let failure = try #require(throws: Failure.self) { _ = try map.scaled(toWidth: 6, height: 5, path: "a.png") }
    #expect(failure.kind == .data)
  }

  @Test func `A map of the first class and 255 alone may be a mask`() {
    func map(_ values: [UInt8]) -> LabelMap {
      LabelMap(width: values.count, height: 1, values: values, classes: .camVid)
    }
    #expect(map([0, 255, 255]).maskRemark("a.png")?.hasPrefix("a.png: all of it is Sky or ignored") == true)
    #expect(map([0, 255, 1]).maskRemark("a.png") == nil && map([0, 0]).maskRemark("a.png") == nil)
  }

  @Test func `Values without a class are a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      _ = LabelMap(width: 1, height: 1, values: [11], classes: .camVid)
    }
  }
}
