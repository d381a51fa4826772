import Imaging
import InpaintingData
import Tensors
import TestSupport
import Testing

@Suite struct InpaintingBatchTests {
  private static let hole = Hole(width: 2, height: 1, values: [0, 1])
  private static let first = Example(
    picture: Picture(width: 2, height: 1, channels: 3, pixels: [0, 255, 51, 102, 153, 204]), hole: hole,
    conditions: Conditions([EdgeMap(width: 2, height: 1, values: [1, 0])]), name: "a")
  private static let second = Example(
    picture: Picture(width: 2, height: 1, filledWith: [255, 0, 0]), hole: Hole(width: 2, height: 1), name: "b")

  @Test func `completed pictures are the known pixels bit for bit and the others in the holes`() {
    let holes = Tensor([1, 0, 0, 1], shape: [1, 2, 2, 1])
    let batch = InpaintingBatch(images: .noise("images", [2, 2, 2, 3]), holes: holes)
    let pictures = Tensor.noise("pictures", [2, 2, 2, 3])
    let completed = batch.completed(with: pictures).elements
    for index in completed.indices {
      let isHole = holes.elements[index / 3 % 4] == 1
      #expect(completed[index] == (isHole ? pictures : batch.images).elements[index])
      #expect(batch.known.elements[index] == (isHole ? 0 : batch.images.elements[index]))
    }
  }

  @Test func `examples follow one another, colors in -1...1 and holes as 0 and 1`() {
    let batch = InpaintingBatch([Self.first, Self.second])
    #expect(batch.images.shape == [2, 1, 2, 3] && batch.holes.shape == [2, 1, 2, 1])
    let expected: [Scalar] = [-1, 1, -0.6, -0.2, 0.2, 0.6, 1, -1, -1, 1, -1, -1]
    for (found, wanted) in zip(batch.images.elements, expected) { #expect(abs(found - wanted) < 1e-6) }
    #expect(batch.images.elements[2] == Scalar(51) / 127.5 - 1)
    #expect(batch.holes.elements == [0, 1, 0, 0])
  }

  @Test func `one hole may serve all examples`() {
    let batch = InpaintingBatch([Self.first, Self.second], sharesHole: true)
    #expect(batch.images.shape == [2, 1, 2, 3])
    #expect(batch.holes.shape == [1, 1, 2, 1] && batch.holes.elements == [0, 1])
  }

  @Test func `a batch has the conditions that were asked for, 0 where an example has none`() throws {
    let batch = InpaintingBatch([Self.first, Self.second], conditions: [.edges])
    let edges = try #require(batch[.edges])
    #expect(edges.shape == [2, 1, 2, 1] && edges.elements == [1, 0, 0, 0])
    #expect(InpaintingBatch([Self.first])[.edges] == nil)
    // Another number of channels is another condition.
    let wide = Condition("edges", channels: 2)
    let other = InpaintingBatch([Self.first], conditions: [wide])
    #expect(other[.edges] == nil && other[wide]?.elements == [0, 0, 0, 0])
  }

  @Test func `a blank batch lacks its upper half and has every condition`() {
    let batch = InpaintingBatch.blank(count: 2, height: 3, width: 4, conditions: [.edges])
    #expect(batch.images.elements.allSatisfy { $0 == 0 } && batch.images.shape == [2, 3, 4, 3])
    #expect(batch.holes.shape == [2, 3, 4, 1])
    #expect(batch.holes.elements == (0..<24).map { $0 % 12 < 8 ? 1 : 0 })
    #expect(batch[.edges]?.elements.allSatisfy { $0 == 1 } == true && batch[.edges]?.shape == [2, 3, 4, 1])
  }

  @Test func `half of a batch is means of four with the start in the holes, missing where all four are`() {
    let images = Tensor((0..<16).flatMap { [Scalar($0) / 16, 0, 0] }, shape: [1, 4, 4, 3])
    let holes = Tensor([1, 1, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], shape: [1, 4, 4, 1])
    let edges = Tensor([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], shape: [1, 4, 4, 1])
    let batch = InpaintingBatch(
      images: images, holes: holes, conditions: [.start: .ones([1, 4, 4, 3]), .edges: edges])
    let half = batch.halved()
    #expect(half.holes.elements == [1, 0, 0, 0])
    #expect(half.images.elements == half[.start]?.elements && half.initialPictures.elements == half.images.elements)
    let red = stride(from: 0, to: 12, by: 3).map { half.images.elements[$0] * 16 }
    // The second has one missing pixel, which begins with 1.
    let means: [Scalar] = [16, 6.75, 10.5, 12.5]
    #expect(red == means)
    #expect(half[.edges]?.elements == [0, 1, 0, 0])
    let mirrored = half.flippedHorizontally()
    #expect(mirrored.holes.elements == [0, 1, 0, 0] && mirrored[.edges]?.elements == [1, 0, 0, 0])
    #expect(mirrored.images.elements[0] == half.images.elements[3])
  }

  @Test func `shapes that do not fit together are a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      _ = InpaintingBatch(images: .zeros([2, 4, 4, 3]), holes: .zeros([2, 4, 4, 3]))
    }
    await #expect(processExitsWith: .failure) {
      _ = InpaintingBatch(
        images: .zeros([2, 4, 4, 3]), holes: .zeros([1, 4, 4, 1]), conditions: [.edges: .zeros([1, 4, 5, 1])])
    }
  }
}
