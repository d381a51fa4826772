import Imaging
import InpaintingData
import Testing

@testable import Inpainting
@testable import Support

struct ClassicalFillingTests {
  private let picture = Picture.noise(width: 30, height: 20, hasAlpha: true)
  private let hole = Hole.hole(width: 30, height: 20, PixelRectangle(9, 5, 8, 7))

  @Test(arguments: ClassicalFill.allCases)
  func `programs fill a hole, and nothing else`(method: ClassicalFill) throws {
    let filled = try method.fill(picture, hole: hole)
    #expect(filled.alpha == picture.alpha && filled != picture)
    #expect(picture.pixels.indices.allSatisfy { hole.values[$0 / 3] != 0 || filled.pixels[$0] == picture.pixels[$0] })
  }

  @Test func `a hole of another size is a failure and no trap`() {
    let failure = #expect(throws: Failure.self) {
      try ClassicalFill.harmonic.fill(picture, hole: Hole(width: 20, height: 30))
    }
    #expect(failure == Failure(.data, "the hole: expected the size of the picture, 30x20, found 20x30"))
  }

  @Test func `a hole for which there is no memory is refused before it is filled`() throws {
    let side = 4000
    let example = Example(
      Picture(width: side, height: side, filledWith: [9]), Hole(width: side, height: side) { x, y in x == y })
    let failure = #expect(throws: Failure.self) { try ClassicalFill.telea.filled(example, available: 1_000_000) }
    #expect(failure?.kind == .data)
    #expect(
      failure?.message.hasPrefix("the hole: filling it takes about 1440 MB of memory, and 1 MB are free, ") == true)
  }

  @Test func `a picture that nobody else holds is filled in its own memory`() throws {
    let handover = Handover(
      Example(.noise(width: 60, height: 50), .hole(width: 60, height: 50, PixelRectangle(3, 3, 9, 7))))
    let before = handover.value.picture.pixels.withUnsafeBufferPointer { $0.baseAddress }
    let filled = try ClassicalFill.harmonic.filled(handover.take())
    #expect(filled.picture.pixels.withUnsafeBufferPointer { $0.baseAddress } == before)
  }
}
