package import Tensors

/// The convolutions of single-column AlexNet (Krizhevsky, 2014, "One weird trick for parallelizing convolutional neural
/// networks"), as in torchvision. Weights are loaded from a file.
package final class AlexNetFeatures: PerceptualTrunk {
  /// Five convolutions with ReLU; a 3x3 max pooling with stride 2 follows the first and the second.
  let convolutions: [Conv2d]

  /// The indices of the convolutions in torchvision's `features`.
  private static let numbers = [0, 3, 6, 8, 10]

  package init(initialization: Initialization) {
    let layers: [(inputs: Int, outputs: Int, kernel: Int, stride: Int, padding: Int)] = [
      (3, 64, 11, 4, 2), (64, 192, 5, 1, 2), (192, 384, 3, 1, 1),
      (384, 256, 3, 1, 1), (256, 256, 3, 1, 1),
    ]
    convolutions = layers.enumerated().map { index, layer in
      Conv2d(
        inputChannels: layer.inputs, outputChannels: layer.outputs, kernel: layer.kernel, stride: layer.stride,
        padding: .explicit(Padding(layer.padding)), activation: .relu,
        initialization: initialization["convolutions"]["\(index)"])
    }
  }

  package var channels: [Int] { convolutions.map { $0.weight.shape[3] } }

  package var portedWeights: [PortedWeight] {
    zip(convolutions, Self.numbers).flatMap { $0.portedWeights(named: "features.\($1)") }
  }

  package func activations(_ pictures: Tensor) -> [Tensor] {
    var x = VGG16Features.normalized(pictures)
    return convolutions.enumerated().map { index, convolution in
      x = convolution(index == 1 || index == 2 ? x.maxPool(kernel: 3, stride: 2) : x)
      return x
    }
  }
}

/// The convolutions of SqueezeNet 1.1 (Iandola et al., 2016, and the authors' later version), as in torchvision.
/// Weights are loaded from a file.
package final class SqueezeNetFeatures: PerceptualTrunk {
  /// 3x3 with stride 2, without padding.
  let convolution: Conv2d
  /// The fire modules; a max pooling precedes the first, the third and the fifth.
  let fires: [FireModule]

  /// The indices of the fire modules in torchvision's `features`.
  private static let numbers = [3, 4, 6, 7, 9, 10, 11, 12]

  package init(initialization: Initialization) {
    convolution = Conv2d(
      inputChannels: 3, outputChannels: 64, kernel: 3, stride: 2, padding: .explicit(.none), activation: .relu,
      initialization: initialization["convolution"])
    let widths: [(inputs: Int, squeezed: Int, expanded: Int)] = [
      (64, 16, 64), (128, 16, 64), (128, 32, 128), (256, 32, 128), (256, 48, 192), (384, 48, 192), (384, 64, 256),
      (512, 64, 256),
    ]
    fires = widths.enumerated().map { index, widths in
      FireModule(
        inputs: widths.inputs, squeezed: widths.squeezed, expanded: widths.expanded,
        initialization: initialization["fires"]["\(index)"])
    }
  }

  package var channels: [Int] { [64, 128, 256, 384, 384, 512, 512] }

  package var portedWeights: [PortedWeight] {
    convolution.portedWeights(named: "features.0")
      + zip(fires, Self.numbers).flatMap { $0.portedWeights(named: "features.\($1)") }
  }

  /// The features after the convolution, after each of the first two pairs of fire modules, and after each of the last
  /// four.
  package func activations(_ pictures: Tensor) -> [Tensor] {
    var features = [convolution(VGG16Features.normalized(pictures))]
    var x = features[0]
    for (index, fire) in fires.enumerated() {
      x = fire([0, 2, 4].contains(index) ? Self.pooled(x) : x)
      if ![0, 2].contains(index) { features.append(x) }
    }
    return features
  }

  /// Max pooling of 3x3 with stride 2 in ceil mode: the last window may reach beyond the border, so that no pixel is
  /// dropped.
  private static func pooled(_ x: Tensor) -> Tensor {
    func missing(_ size: Int) -> Int { (size - 3) % 2 }
    return x.maxPool(
      kernel: 3, stride: 2, padding: Padding(bottom: missing(x.shape[1]), right: missing(x.shape[2])))
  }
}

/// A fire module: a 1x1 convolution to few channels, then a 1x1 and a 3x3 convolution in parallel, all with ReLU.
final class FireModule: Layer {
  let squeeze: Conv2d
  let expand1x1: Conv2d
  let expand3x3: Conv2d

  init(inputs: Int, squeezed: Int, expanded: Int, initialization: Initialization) {
    func convolution(_ name: String, _ inputs: Int, _ outputs: Int, _ kernel: Int) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: kernel, activation: .relu,
        initialization: initialization[name])
    }
    squeeze = convolution("squeeze", inputs, squeezed, 1)
    expand1x1 = convolution("expand1x1", squeezed, expanded, 1)
    expand3x3 = convolution("expand3x3", squeezed, expanded, 3)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let squeezed = squeeze(x)
    return concatenate([expand1x1(squeezed), expand3x3(squeezed)], axis: 3)
  }

  /// The weights as named by a PyTorch module of this name.
  func portedWeights(named name: String) -> [PortedWeight] {
    squeeze.portedWeights(named: name + ".squeeze") + expand1x1.portedWeights(named: name + ".expand1x1")
      + expand3x3.portedWeights(named: name + ".expand3x3")
  }
}

/// The convolutions of VGG16 (Simonyan and Zisserman, 2015, table 1, column D), for perceptual losses and metrics.
///
/// Weights are loaded from a file. No model contains this network as a submodule, so that it is neither optimized nor
/// saved.
package final class VGG16Features: PerceptualTrunk {
  /// Blocks of 3x3 convolutions with ReLU, with a max pooling between blocks.
  let blocks: [[Conv2d]]

  /// The mean and the standard deviation of red, green and blue in 0...1 over ImageNet, which normalize pictures.
  package static let mean: [Scalar] = [0.485, 0.456, 0.406]
  package static let deviation: [Scalar] = [0.229, 0.224, 0.225]

  /// The number of convolutions of each block.
  private static let depths = [2, 2, 3, 3, 3]

  /// - Parameters:
  ///   - width: The number of channels of the first block, 64 in the published network; all others scale with it.
  ///   - blocks: The number of leading blocks; the whole network has 5.
  package init(width: Int = 64, blocks: Int = 3, initialization: Initialization) {
    precondition(
      width > 0 && (1...Self.depths.count).contains(blocks),
      "VGG16Features: expected a positive width and 1 to \(Self.depths.count) blocks, found \(width) and \(blocks)")
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

  /// The convolutions of all blocks, in order.
  package var convolutions: [Conv2d] { Array(blocks.joined()) }

  package var channels: [Int] { blocks.map { $0[$0.count - 1].weight.shape[3] } }

  package var portedWeights: [PortedWeight] {
    // In torchvision's numbering a convolution and its ReLU take one index each, a pooling one.
    var index = 0
    return blocks.flatMap { block in
      defer { index += 1 }
      return block.flatMap { convolution in
        defer { index += 2 }
        return convolution.portedWeights(named: "features.\(index)")
      }
    }
  }

  /// The features after each pooling, at 1/2, 1/4, 1/8 and so on of the pictures' size.
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

  /// Normalizes pictures in −1...1 for networks trained on ImageNet.
  package static func normalized(_ pictures: Tensor) -> Tensor {
    pictures * Tensor(deviation.map { 0.5 / $0 }, shape: [3])
      + Tensor(zip(mean, deviation).map { (0.5 - $0) / $1 }, shape: [3])
  }

  /// The inverse of `normalized`.
  package static func denormalized(_ pictures: Tensor) -> Tensor {
    pictures * Tensor(deviation.map { 2 * $0 }, shape: [3]) + Tensor(mean.map { 2 * $0 - 1 }, shape: [3])
  }
}
