import Imaging
import Tensors
import TestSupport
import Testing

@testable import Inpainting

struct PaddedInputTests {
  @Test func `reflection does not repeat the border and goes on as often as needed`() {
    #expect(PaddedInput.reflected(5, multiple: 8) == [0, 1, 2, 3, 4, 3, 2, 1])
    #expect(PaddedInput.reflected(3, multiple: 8) == [0, 1, 2, 1, 0, 1, 2, 1])
    #expect(PaddedInput.reflected(2, multiple: 4) == [0, 1, 0, 1])
    #expect(PaddedInput.reflected(1, multiple: 4) == [0, 0, 0, 0])
    #expect(PaddedInput.reflected(4, multiple: 4) == [0, 1, 2, 3])
  }

  @Test func `pictures and holes are reflected alike, and what was added is taken away`() {
    let picture = Picture.noise(width: 3, height: 2)
    let hole = Picture.hole("#..", "..#")
    let input = PaddedInput(picture, hole: hole, multiple: 4, isGuided: false)
    #expect(input.batch.images.shape == [1, 4, 4, 3])
    #expect(input.batch.holes.elements == [1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0])
    #expect(Picture(input.unpadded(input.batch.images)) == picture)
    #expect(input.batch.images[0, 3, 3, 2] == input.batch.images[0, 1, 1, 2])
    #expect(input.batch.guidance == nil)
  }

  @Test func `a guided model gets an empty drawing`() throws {
    let input = PaddedInput(
      .noise(width: 4, height: 4), hole: .hole("....", "....", "....", "...#"), multiple: 4, isGuided: true)
    #expect(try #require(input.batch.guidance).elements.allSatisfy { $0 == 0 })
  }
}
