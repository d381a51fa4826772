import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct SpatialTransformerTests {
  private func layer(
    channels: Int = 2, _ edit: (inout SpatialTransformer.Options) -> Void = { _ in }
  ) -> SpatialTransformer {
    var options = SpatialTransformer.Options()
    options.localizationChannels = 3
    options.localizationCells = 2
    edit(&options)
    return SpatialTransformer(
      channels: channels, options: options, initialization: Initialization(seed: 3, name: "transformer"))
  }

  /// Transforms that depend on the features, and take no position to the middle of a pixel.
  private func bend(_ layer: SpatialTransformer) {
    let dense = layer.localization.dense
    dense.weight.assign(.wave(dense.weight.shape, frequency: 0.9, scale: 0.03))
    dense.bias?.assign(Tensor([0.83, 0.21, 0.13, -0.17, 0.91, -0.06], shape: [6]))
  }

  @Test(arguments: [[1, 1, 1], [2, 7, 10], [2, 33, 50]], [true, false])
  func `it begins as the identity, bit for bit`(_ size: [Int], _ alignCorners: Bool) {
    var x = Tensor.noise("features", size + [5])
    x.withMutableElements { $0[0] = -0.0 }
    let found = layer(channels: 5) { $0.alignCorners = alignCorners }(x)
    #expect(found.shape == x.shape)
    #expect(areIdentical(found.elements, x.elements))
  }

  @Test func `at first the last layer alone has a gradient`() {
    let layer = layer()
    let x = Tensor.noise("features", [2, 9, 8, 2])
    let gradients = valueWithGradient(at: layer.parameters) { dot(layer(x), .wave(x.shape)) }.gradient
    for ((name, _), gradient) in zip(layer.namedParameters, gradients) {
      #expect(gradient.elements.contains { $0 != 0 } == name.hasPrefix("localization.dense"), "\(name)")
    }
  }

  @Test func `features are read where the network's transform says`() {
    let layer = layer()
    bend(layer)
    let x = Tensor.noise("features", [2, 6, 7, 2])
    let expected = x.sampled(at: affineGrid(layer.localization(x), from: (6, 7)))
    #expect(layer(x).elements == expected.elements)
    #expect(layer(x).largestDifference(from: x) > 0.1)
  }

  @Test func `a picture's transform is its own`() {
    let layer = layer()
    bend(layer)
    let x = Tensor.noise("features", [2, 6, 7, 2])
    let second = x.sliced(axis: 0, 1..<2)
    #expect(layer(x).sliced(axis: 0, 1..<2).largestDifference(from: layer(second)) < tolerance(1e-5, 1e-13))
  }

  @Test func `it can learn where things are`() {
    let layer = layer(channels: 1)
    let x = Tensor.wave([1, 8, 8, 1], frequency: 0.11)
    let shift = Tensor([1, 0, 0.2, 0, 1, 0], shape: [1, 2, 3])
    let target = x.sampled(at: affineGrid(shift, from: (8, 8)))
    let optimizer = Adam(layer.namedParameters)
    func step() -> Scalar {
      let (value, gradients) = valueWithGradient(at: layer.parameters) { square(layer(x) - target).mean() }
      optimizer.step(gradients: gradients, learningRate: 0.01)
      return value.scalar
    }
    let first = step()
    for _ in 0..<60 { _ = step() }
    #expect(step() < 0.3 * first)
  }

  @Test func `its state dictionary has a tutorial's names and PyTorch's shapes`() throws {
    let layer = layer()
    let weights = layer.stateDictionary()
    #expect(
      weights.map(\.name) == [
        "localization.0.weight", "localization.0.bias", "localization.2.weight", "localization.2.bias",
        "fc_loc.0.weight", "fc_loc.0.bias",
      ])
    #expect(weights.map(\.value.shape) == [[3, 2, 3, 3], [3], [3, 3, 3, 3], [3], [6, 12], [6]])
    bend(layer)
    let (other, state) = (self.layer(), layer.stateDictionary())
    try other.load { name in state.first { $0.name == name }?.value }
    let x = Tensor.noise("features", [1, 6, 7, 2])
    #expect(other(x).elements == layer(x).elements)
  }

  @Test func `multiplications are counted`() {
    // 3x4 and 2x2 positions of two convolutions, the dense layer, the grid and reading.
    let network = 12 * 9 * 2 * 3 + 4 * 9 * 3 * 3 + 4 * 3 * 6
    #expect(layer().multiplyAdds(height: 5, width: 7) == network + 35 * (6 + 8))
  }

  @Test func `what cannot be built is said beforehand`() {
    var options = SpatialTransformer.Options()
    #expect(SpatialTransformer.problem(channels: 4, options: options) == nil)
    #expect(SpatialTransformer.problem(channels: 0, options: options)?.contains("channels (0)") == true)
    options.localizationCells = -1
    #expect(SpatialTransformer.problem(channels: 4, options: options)?.contains("localization_cells (-1)") == true)
  }
}
