import InpaintingData
import Kernels
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct ConvolutionMethodTests {
  /// Through all layers, of which most are computed differently: far less than a step of an 8-bit picture, which is 8e-3.
  @Test(arguments: [DeepFillPadding.same, .symmetric])
  func `over a whole generator both methods fill alike`(padding: DeepFillPadding) {
    var configuration = DeepFillV2Configuration()
    configuration.padding = padding
    configuration.initialization = .variancePreserving
    let model = DeepFillV2(configuration, seed: 3)
    let batch = InpaintingBatch(
      images: tanh(.noise("pictures", [1, 64, 64, 3])),
      holes: Tensor(
        (0..<4096).map { $0 / 64 > 20 && $0 / 64 < 44 && $0 % 64 > 16 && $0 % 64 < 40 ? 1 : 0 }, shape: [1, 64, 64, 1]))
    let fast = ConvolutionMethod.$ofTask.withValue(.fast) { model.fill(batch) }
    let exact = ConvolutionMethod.$ofTask.withValue(.exact) { model.fill(batch) }
    for (fast, exact) in zip(fast.stages, exact.stages) {
      let differences = zip(fast.pictures.elements, exact.pictures.elements).map { Double(abs($0 - $1)) }
      let largest = differences.max() ?? .infinity
      let differ = largest > 0
      #expect(differ && largest < tolerance(5e-4, 1e-10))
      #expect(differences.reduce(0, +) / Double(differences.count) < tolerance(2.5e-5, 1e-12))
    }
  }
}
