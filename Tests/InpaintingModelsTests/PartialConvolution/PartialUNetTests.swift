import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct PartialUNetTests {
  @Test func `the published network has the published number of parameters`() {
    func count(_ change: (inout PartialConvolutionConfiguration) -> Void) -> Int {
      var configuration = PartialConvolutionConfiguration()
      change(&configuration)
      return PartialConvolution(configuration, seed: 0).generator.parameterCount
    }
    #expect(count { _ in } == 25_779_796)
    #expect(count { $0.firstBias = true } == 25_779_860)
  }

  @Test func `layers have the channels of the paper's table`() {
    let network = PartialConvolution(PartialConvolutionConfiguration(), seed: 0).generator
    let encoder = network.encoder.map(\.convolution.weight.shape)
    let decoder = network.decoder.map(\.convolution.weight.shape)
    #expect(
      encoder == [
        [7, 7, 3, 64], [5, 5, 64, 128], [5, 5, 128, 256], [3, 3, 256, 512], [3, 3, 512, 512], [3, 3, 512, 512],
        [3, 3, 512, 512],
      ])
    #expect(
      decoder == [
        [3, 3, 67, 3], [3, 3, 192, 64], [3, 3, 384, 128], [3, 3, 768, 256], [3, 3, 1024, 512], [3, 3, 1024, 512],
        [3, 3, 1024, 512],
      ])
    #expect(network.encoder.map { $0.normalization == nil } == [true] + Array(repeating: false, count: 6))
    #expect(network.decoder.map { $0.convolution.bias != nil } == [true] + Array(repeating: false, count: 6))
  }

  @Test func `parameters start as their names and the seed say, in He's way`() {
    for (name, parameter) in tinyPartialConvolution(seed: 9).generator.namedParameters
    where name.hasSuffix("convolution.weight") {
      var stream = RandomStream(seed: 9, purpose: "generator." + name)
      #expect(parameter.value.elements == Initializer.kaimingNormal()(parameter.shape, &stream).elements)
    }
  }

  @Test(arguments: [(3, 16, 24), (2, 4, 8), (4, 32, 16)])
  func `pictures of any multiple come out as large as they were`(_ levels: Int, _ height: Int, _ width: Int) {
    let model = tinyPartialConvolution { $0.levels = levels }
    var holes = Tensor.zeros([1, height, width, 1])
    holes.withMutableElements { elements in for index in 0..<width + 3 { elements[index] = 1 } }
    let batch = InpaintingBatch(images: .noise("images", [2, height, width, 3]), holes: holes)
    let prediction = model.fill(batch)
    #expect(prediction.stages[0].pictures.shape == [2, height, width, 3])
    #expect(prediction.completed.elements.allSatisfy { abs($0) <= 1 })
    let known = (prediction.completed - batch.images) * (1 - holes)
    #expect(known.elements.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [PartialConvolutionConfiguration.InputScale.signed, .imageNet])
  func `what lies in the holes is not looked at`(_ scale: PartialConvolutionConfiguration.InputScale) {
    let model = tinyPartialConvolution { $0.inputScale = scale }
    let batch = tinyBatch()
    let other = InpaintingBatch(
      images: batch.completed(with: .noise("other", batch.images.shape)), holes: batch.holes)
    #expect(areIdentical(model.fill(other).completed.elements, model.fill(batch).completed.elements))
  }

  @Test func `where everything is missing the filling is finite, in use and in training`() throws {
    let model = tinyPartialConvolution()
    let batch = InpaintingBatch(images: .noise("images", [2, 16, 16, 3]), holes: .ones([2, 16, 16, 1]))
    var updates: [NetworkUpdate] = []
    try model.trainingStep(randomness: .first, nextBatch: { batch }, update: { updates.append($0) })
    #expect(updates[0].terms.allSatisfy { $0.value.isFinite })
    #expect(updates[0].gradients.allSatisfy { $0.isFinite })
    model.generator.setTraining(false)
    #expect(model.fill(batch).completed.elements.allSatisfy { $0 == 0 })
  }

  @Test func `in use pictures of a batch are filled as each alone`() {
    let model = tinyPartialConvolution()
    _ = model.fill(tinyBatch("statistics"))
    model.generator.setTraining(false)
    let batch = tinyBatch()
    let both = model.fill(batch).completed
    for index in 0..<2 {
      let alone = model.fill(batch.sample(index)).completed
      #expect(both.sliced(axis: 0, index..<index + 1).largestDifference(from: alone) < 1e-5)
    }
  }

  @Test(arguments: [1, 2], [PartialConvolutionConfiguration.Frozen.everything, .statistics])
  func `fine-tuning freezes the encoder's normalization, and no other`(
    _ phase: Int, _ frozen: PartialConvolutionConfiguration.Frozen
  ) throws {
    let model = tinyPartialConvolution {
      $0.phase = phase
      $0.frozen = frozen
    }
    func freezing(_ blocks: [PartialBlock]) -> [BatchNorm2d.Freezing] { blocks.compactMap(\.normalization?.freezing) }
    let nothing: [BatchNorm2d.Freezing] = [.nothing, .nothing]
    let (encoder, decoder) = (model.generator.encoder, model.generator.decoder)
    model.begin(PartialConvolutionConfiguration.training)
    #expect(freezing(encoder) == nothing)
    model.begin(PartialConvolutionConfiguration.fineTuning)
    let expected: BatchNorm2d.Freezing = frozen == .everything ? .everything : .statistics
    #expect(freezing(encoder) == [expected, expected])
    #expect(freezing(decoder) == nothing)
    model.begin(PartialConvolutionConfiguration.training)
    #expect(freezing(encoder) == nothing)
  }
}
