import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct ColorOrderTests {
  @Test func `the first three channels of an axis change places, and no others`() {
    let filter = Tensor.counting([1, 1, 5, 2])
    #expect(filter.reversingColors(.inputs).elements == [4, 5, 2, 3, 0, 1, 6, 7, 8, 9])
    #expect(Tensor.counting([1, 1, 2, 3]).reversingColors(.outputs).elements == [2, 1, 0, 5, 4, 3])
    #expect(Tensor.counting([3]).reversingColors(.outputs).elements == [2, 1, 0])
  }

  @Test func `a network for blue first does with blue first what it did with red first`() throws {
    let folder = try TemporaryFolder()
    let model = tinyModel(seed: 3)
    for layout in DeepFillV2Configuration.weightLayouts {
      let file = try WeightSample(folder).write(model, layout, colorOrder: .bgr)
      let plan = try WeightPlan(recognizing: file, section: WeightSample.section(of: model))
      try plan.load(colorOrder: .rgb)
      let other = try #require(plan.model as? DeepFillV2)
      let batch = tinyBatch()
      let flipped = InpaintingBatch(images: batch.images.reversingColors(.outputs), holes: batch.holes)
      let (prediction, swapped) = (model.fill(batch), other.fill(flipped))
      #expect(
        prediction.completed.reversingColors(.outputs).largestDifference(from: swapped.completed) < 1e-5)
      let conditions = [batch.holes]
      #expect(
        model.discriminator(batch.images, conditions: conditions)
          .largestDifference(from: other.discriminator(flipped.images, conditions: conditions)) < 1e-5)
    }
  }
}
