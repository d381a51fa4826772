import Imaging
import Testing

@testable import Inpainting

struct PastingTests {
  @Test func `only missing pixels of the target change`() {
    var picture = Picture(width: 5, height: 4, filledWith: [1, 2, 3])
    let missing = Hole.hole("#####", "#.#.#", "#####", "#####")
    let region = Region(around: PixelRectangle(1, 1, 3, 2), in: PixelRectangle(0, 0, 5, 4), trainedSize: 4)
    var patch = Picture(width: region.view.width, height: region.view.height, filledWith: [0, 0, 0])
    for index in patch.pixels.indices { patch.pixels[index] = UInt8(100 + index) }
    picture.paste(patch, into: region, missing: missing)
    for y in 0..<4 {
      for x in 0..<5 {
        let isPasted = (1..<4).contains(x) && (1..<3).contains(y) && missing.isMissing(x: x, y: y)
        let expected = isPasted ? patch.pixel(x - region.view.x, y - region.view.y) : [1, 2, 3]
        #expect(picture.pixel(x, y) == expected)
      }
    }
  }
}
