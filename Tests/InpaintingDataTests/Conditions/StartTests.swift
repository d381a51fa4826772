import Imaging
import Tensors
import Testing

@testable import InpaintingData

@Suite struct StartTests {
  private let example = Example(
    picture: Picture(
      width: 8, height: 8, channels: 3, pixels: (0..<64).flatMap { [UInt8(3 * $0), UInt8(250 - 2 * $0), 40] }),
    hole: Hole(width: 8, height: 8) { x, y in x > 2 && y > 2 && x < 6 }, name: "a")

  @Test func `a batch has the start without that anybody gives it`() throws {
    let batch = InpaintingBatch([example], conditions: [.start])
    let start = try #require(batch[.start])
    #expect(start.shape == [1, 8, 8, 3])
    #expect(start.elements == PullPushFill(example.picture, hole: example.hole).values.map { Scalar($0) })
    #expect(InpaintingBatch([example])[.start] == nil)
  }

  @Test func `one that was made in the background is the same, and is made once`() {
    let supplied = example.supplied(with: [.edges, .start])
    #expect(supplied.conditions[.start] != nil && supplied.conditions[.edges] == nil)
    #expect(supplied.supplied(with: [.start]) == supplied)
    let (first, second) = (
      InpaintingBatch([example], conditions: [.start]), InpaintingBatch([supplied], conditions: [.start])
    )
    #expect(first[.start]?.elements == second[.start]?.elements)
    #expect(example.supplied(with: [.edges]) == example)
  }

  @Test func `a started picture is known where it is known`() {
    let batch = InpaintingBatch([example], conditions: [.start])
    let (started, images) = (batch.started.elements, batch.images.elements)
    for index in images.indices {
      let expected = example.hole.values[index / 3] == 0 ? images[index] : batch[.start]!.elements[index]
      #expect(started[index] == expected)
    }
    #expect(started != images)
  }

  @Test func `examples are prepared with what the model takes`() throws {
    let pictures = try PictureCollection(.builtIn(.objects), seed: 1)
    func prepared(_ conditions: [Condition]) throws -> Example {
      try ExamplePreparation(
        size: 24, crop: .random, flip: true, holes: BoxHoles(pictureSize: 24), conditions: conditions, seed: 1
      ).example(number: 3, picture: 0, of: pictures)
    }
    let (plain, started) = (try prepared([]), try prepared([.start]))
    #expect(plain.conditions[.start] == nil && plain.supplied(with: [.start]) == started)
  }

  @Test func `a batch without a start is a programmer's error where one is needed`() async {
    await #expect(processExitsWith: .failure) {
      _ = InpaintingBatch(images: .zeros([1, 4, 4, 3]), holes: .ones([1, 4, 4, 1])).started
    }
  }
}
