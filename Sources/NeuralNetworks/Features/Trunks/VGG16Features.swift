import Tensors

/// The convolutions of VGG16 (Simonyan and Zisserman, 2015, table 1, column D), whose features say how alike two pictures
/// look to a network that knows objects.
///
/// Its weights are not trained here: they come from a file. No network of a model contains it, so that it is neither
/// optimized nor saved.
package final class VGG16Features: PerceptualTrunk {
  /// Blocks of 3x3 convolutions with ReLU, a max pooling between each two.
  let blocks: [[Conv2d]]

  /// The mean and the standard deviation of red, green and blue in 0...1 over ImageNet, by which pictures are normalized.
  package static let mean: [Scalar] = [0.485, 0.456, 0.406]
  package static let deviation: [Scalar] = [0.229, 0.224, 0.225]

  /// The convolutions of each block.
  private static let depths = [2, 2, 3, 3, 3]

  /// - Parameters:
  ///   - width: The number of channels of the first block, 64 in the published network; all others follow.
  ///   - blocks: The number of blocks from the first on, 5 in the whole network.
  package init(width: Int = 64, blocks: Int = 3, initialization: Initialization) {
    precondition(
      width > 0 && (1...Self.depths.count).contains(blocks),
      "VGG16Features: no network has the width \(width) and \(blocks) blocks")
    var inputs = 3
    self.blocks = Self.depths.prefix(blocks).enumerated().map { block, count in
      (0..<count).map { layer in
        let outputs = width << min(block, 3)
        defer { inputs = outputs }
        return Conv2d(
          inputChannels: inputs, outputChannels: outputs, kernel: 3, activation: .relu,
          initialization: initialization["blocks"]["\(block)"]["\(layer)"])
      }
    }
  }

  /// The convolutions in their order, to give them weights.
  package var convolutions: [Conv2d] { Array(blocks.joined()) }

  package var channels: [Int] { blocks.map { $0[$0.count - 1].weight.shape[3] } }

  package var portedWeights: [PortedWeight] {
    // A convolution and its ReLU take two numbers each, a pooling one.
    var index = 0
    return blocks.flatMap { block in
      defer { index += 1 }
      return block.flatMap { convolution in
        defer { index += 2 }
        return convolution.portedWeights(named: "features.\(index)")
      }
    }
  }

  /// The features after each pooling, at a half, a quarter and an eighth of the pictures' size, and so on.
  ///
  /// - Parameter pictures: [batch, height, width, 3], red, green and blue in −1...1; at least 8x8 pixels for three blocks.
  package func callAsFunction(_ pictures: Tensor) -> [Tensor] {
    var x = Self.normalized(pictures)
    return blocks.map { block in
      x = block.reduce(x) { $1($0) }.maxPool(kernel: 2)
      return x
    }
  }

  package func activations(_ pictures: Tensor) -> [Tensor] {
    var x = Self.normalized(pictures)
    return blocks.enumerated().map { index, block in
      x = block.reduce(index == 0 ? x : x.maxPool(kernel: 2)) { $1($0) }
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
