import Foundation
import Synchronization
import Testing

@testable import Imaging
@testable import Inpainting

struct InpainterTests {
  private let inpainter = Inpainter(
    PictureFiller(model: PaintingModel([9, 8, 7]), trainedSize: 16), trainedSize: 16, description: "paint")
  private let hole = Hole(width: 20, height: 10) { x, y in x < 3 && y == 5 }

  @Test func `the hole is filled, and nothing else`() throws {
    let picture = Picture.noise(width: 20, height: 10, hasAlpha: true)
    let filled = try inpainter.fill(picture, hole: hole)
    var expected = picture
    for x in 0..<3 { expected.pixels.replaceSubrange(300 + 3 * x..<303 + 3 * x, with: [9, 8, 7]) }
    #expect(filled == expected)
    #expect(try inpainter.fill(picture, hole: Hole(width: 20, height: 10)) == picture)
  }

  @Test func `gray stays gray`() throws {
    let gray = try Picture(pixels: [UInt8](repeating: 50, count: 200), width: 20, height: 10, channels: 1)
    let filled = try inpainter.fill(gray, hole: hole, strategy: .whole)
    #expect(filled.channels == 1 && filled.pixel(0, 5) == [8] && filled.pixel(3, 5) == [50])
  }

  @Test func `a hole of another size is a failure and no trap`() {
    let failure = failure { _ = try inpainter.fill(.noise(width: 10, height: 20), hole: hole) }
    #expect(failure == Failure(.data, "the hole: expected the size of the picture, 10x20, found 20x10"))
  }

  @Test func `threads may share one`() throws {
    let picture = Picture.noise(width: 20, height: 10)
    let expected = try inpainter.fill(picture, hole: hole)
    let equal = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      if (try? inpainter.fill(picture, hole: hole)) == expected { equal.add(1, ordering: .relaxed) }
    }
    #expect(equal.load(ordering: .relaxed) == 8)
  }

  @Test func `weights that are not there are missing input`() {
    #expect(failure { _ = try Inpainter(weights: "/no/such/weights") }?.kind == .missingInput)
  }
}
