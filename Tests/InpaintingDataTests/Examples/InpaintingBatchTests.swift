import InpaintingData
import Tensors
import TestSupport
import Testing

@Suite struct InpaintingBatchTests {
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
}
