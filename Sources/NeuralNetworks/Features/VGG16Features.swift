import Tensors

/// The first three blocks of VGG16 (Simonyan and Zisserman, 2015, table 1, column D), whose features say how alike two
/// pictures look to a network that knows objects.
///
/// Its weights are not trained here: they come from a file. No network of a model contains it, so that it is neither
/// optimised nor saved.
package final class VGG16Features: Module {
  /// Three blocks of 3x3 convolutions with ReLU.
  let blocks: [[Conv2d]]

  /// The mean and the standard deviation of red, green and blue in 0...1 over ImageNet, by which pictures are normalised.
  package static let mean: [Scalar] = [0.485, 0.456, 0.406]
  package static let deviation: [Scalar] = [0.229, 0.224, 0.225]

  /// - Parameter width: The number of channels of the first block, 64 in the published network; all others follow.
  package init(width: Int = 64, initialization: Initialization) {
    precondition(width > 0, "VGG16Features: the width (\(width)) must be positive")
    var inputs = 3
    blocks = [2, 2, 3].enumerated().map { block, count in
      (0..<count).map { layer in
        let outputs = width << block
        defer { inputs = outputs }
        return Conv2d(
          inputChannels: inputs, outputChannels: outputs, kernel: 3, activation: .relu,
          initialization: initialization["blocks"]["\(block)"]["\(layer)"])
      }
    }
  }

  /// The seven convolutions in their order, to give them weights.
  package var convolutions: [Conv2d] { Array(blocks.joined()) }

  /// The features after each of the first three poolings, at a half, a quarter and an eighth of the pictures' size.
  ///
  /// - Parameter pictures: [batch, height, width, 3], red, green and blue in −1...1; at least 8x8 pixels.
  package func callAsFunction(_ pictures: Tensor) -> [Tensor] {
    var x = Self.normalized(pictures)
    return blocks.map { block in
      x = block.reduce(x) { $1($0) }.maxPool(kernel: 2)
      return x
    }
  }

  /// Pictures in −1...1 as networks that were trained on ImageNet take them.
  package static func normalized(_ pictures: Tensor) -> Tensor {
    pictures * Tensor(deviation.map { 0.5 / $0 }, shape: [3])
      + Tensor(zip(mean, deviation).map { (0.5 - $0) / $1 }, shape: [3])
  }

  /// Pictures in −1...1 from those that `normalized` makes.
  package static func denormalized(_ pictures: Tensor) -> Tensor {
    pictures * Tensor(deviation.map { 2 * $0 }, shape: [3]) + Tensor(mean.map { 2 * $0 - 1 }, shape: [3])
  }
}
