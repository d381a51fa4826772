import Tensors

/// Reads from features which affine transform should be applied to them: two convolutions that halve the map, its means
/// over a few cells, which tell roughly where things are whatever the map's size, and one dense layer.
///
/// The dense layer begins with weights of 0 and the identity as its bias, whatever the features are.
package final class LocalizationNetwork: Module {
  package let conv1: Conv2d
  package let conv2: Conv2d
  /// A filter as large as the map of means, to the six numbers of a transform.
  package let dense: Conv2d
  private let cells: Int

  /// - Parameters:
  ///   - inputChannels: Those of the features.
  ///   - channels: Those of both convolutions.
  ///   - cells: How many means there are in both directions.
  package init(inputChannels: Int, channels: Int, cells: Int, initialization: Initialization) {
    func convolution(_ name: String, from inputs: Int) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: channels, kernel: 3, stride: 2, activation: .relu,
        initialization: initialization[name])
    }
    self.cells = cells
    conv1 = convolution("conv1", from: inputChannels)
    conv2 = convolution("conv2", from: channels)
    dense = Conv2d(
      inputChannels: channels, outputChannels: 6, kernel: cells, padding: .explicit(.none),
      initialization: initialization["dense"].with(weights: .zeros))
    dense.bias?.assign(Tensor([1, 0, 0, 0, 1, 0], shape: [6]))
  }

  /// - Parameter x: [batch, height, width, inputChannels].
  /// - Returns: [batch, 2, 3].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    let means = x.through(conv1, conv2).adaptiveAveragePool(rows: cells, columns: cells)
    return dense(means).reshaped(to: [x.shape[0], 2, 3])
  }

  /// The multiplications with an addition for the features of one picture.
  func multiplyAdds(height: Int, width: Int) -> Int {
    [conv1, conv2].enumerated().reduce(dense.weight.shape.elementCount) { sum, layer in
      let factor = 2 << layer.offset
      let positions = ((height + factor - 1) / factor) * ((width + factor - 1) / factor)
      return sum + positions * layer.element.weight.shape.elementCount
    }
  }
}
