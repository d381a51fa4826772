import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct FeatureWeightsTests {
  @Test func `filters are rearranged, the others are as they are`() throws {
    let folder = try TemporaryFolder()
    let file = try WeightFile(path: tinyFeatureWeights(in: folder))
    let network = try VGG16Features(weights: file)
    #expect(network.convolutions.map { $0.weight.shape[3] } == [2, 2, 4, 4, 8, 8, 8])
    let (own, theirs) = (network.convolutions[2].weight.value, try file.tensor("features.5.weight"))
    #expect(own[1, 2, 0, 3] == theirs[3, 0, 1, 2])
    #expect(network.convolutions[6].bias?.value.elements == (try file.tensor("features.14.bias").elements))
  }

  @Test func `a file of another network is refused with the tensor that it lacks`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("other.safetensors")
    try SafeTensorsWriter.write([("features.0.weight", [2, 3, 5, 5], wave(150))], to: path)
    let failure = #expect(throws: Failure.self) { try VGG16Features(weights: WeightFile(path: path)) }
    #expect(failure?.kind == .data && failure?.message.contains("features.0.weight") == true)
  }

  @Test func `a file that is not there ends training before it begins`() {
    let model = tinyPartialConvolution {
      $0.losses.style = 1
      $0.featureWeights = "/no/such/file.pth"
    }
    let failure = #expect(throws: Failure.self) { try model.prepareForTraining() }
    #expect(failure?.kind == .missingInput)
  }
}
