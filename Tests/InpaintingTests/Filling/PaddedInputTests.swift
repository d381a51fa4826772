import Imaging
import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import Inpainting

struct PaddedInputTests {
  @Test func `pictures and holes are reflected alike, and what was added is taken away`() {
    let picture = Picture.noise(width: 3, height: 2)
    let input = PaddedInput(Example(picture, .hole("#..", "..#")), for: PaintingModel([1, 2, 3], sizeMultiple: 4))
    #expect(input.batch.images.shape == [1, 4, 4, 3])
    #expect(input.batch.holes.elements == [1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0])
    #expect(Picture(input.unpadded(input.batch.images)) == picture)
    #expect(input.batch.images[0, 3, 3, 2] == input.batch.images[0, 1, 1, 2])
    #expect(input.batch[.edges] == nil)
  }

  @Test func `a guided model gets an empty drawing if there is none, and the drawing if there is`() throws {
    let model = PaintingModel(sizeMultiple: 4, conditions: [.edges]) { $0.images }
    let picture = Picture.noise(width: 3, height: 4)
    let hole = Hole.hole("...", "...", "...", "..#")
    let empty = PaddedInput(Example(picture, hole), for: model)
    #expect(try #require(empty.batch[.edges]).elements.allSatisfy { $0 == 0 })
    let edges = EdgeMap(width: 3, height: 4, values: [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    let drawn = PaddedInput(Example(picture, hole, conditions: Conditions([edges])), for: model)
    #expect(try #require(drawn.batch[.edges]).elements == [0, 1, 0, 1] + [Scalar](repeating: 0, count: 12))
  }

  @Test func `a model that starts from a fill gets that of the padded picture`() throws {
    let model = PaintingModel(sizeMultiple: 8, conditions: [.start]) { $0.images }
    let example = Example(.noise(width: 11, height: 13), Hole(width: 11, height: 13) { x, y in x > 3 && y > 8 })
    let padded = example.padded(toMultipleOf: 8)
    let start = try #require(PaddedInput(example, for: model).batch[.start])
    #expect(start.shape == [1, 16, 16, 3])
    #expect(start.elements == PullPushFill(padded.picture, hole: padded.hole).values.map { Scalar($0) })
  }
}
