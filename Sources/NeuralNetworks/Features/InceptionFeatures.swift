package import Tensors

/// The Inception network of December 2015 (Szegedy et al., 2016, "Rethinking the Inception Architecture for Computer
/// Vision"), whose last features define the Fréchet inception distance: torchvision's `inception_v3` with average
/// pooling that does not count padding, and with max pooling in the last block.
///
/// For inference only.
package final class InceptionFeatures: Module {
  /// The first layers; a 3x3 max pooling with stride 2 follows the third and the fifth.
  let stem: [InceptionConvolution]
  let blocks: [InceptionBlock]

  /// The height and width of the network's input.
  package static let side = 299
  /// The number of output features.
  package static let featureCount = 2048

  /// Loads the weights from a state dictionary as in pytorch-fid (`Conv2d_1a_3x3.conv.weight`). The classifier, `fc`,
  /// is not read.
  ///
  /// - Parameters:
  ///   - source: The file, for messages.
  ///   - tensor: Returns the entry of a name, nil if there is none.
  /// - Throws: As `StateDictionaryReader`.
  package init(from source: String, stateDictionary tensor: @escaping (String) throws -> Tensor?) throws {
    let weights = StateDictionaryReader(tensor)
    func block(_ name: String, _ inputs: Int) -> InceptionBlockBuilder {
      InceptionBlockBuilder(name: "Mixed_" + name, inputs: inputs, weights: weights)
    }
    stem = try [
      InceptionConvolution("Conv2d_1a_3x3", 3, 32, kernel: (3, 3), stride: 2, padded: false, from: weights),
      InceptionConvolution("Conv2d_2a_3x3", 32, 32, kernel: (3, 3), padded: false, from: weights),
      InceptionConvolution("Conv2d_2b_3x3", 32, 64, kernel: (3, 3), from: weights),
      InceptionConvolution("Conv2d_3b_1x1", 64, 80, from: weights),
      InceptionConvolution("Conv2d_4a_3x3", 80, 192, kernel: (3, 3), padded: false, from: weights),
    ]
    blocks = try [
      block("5b", 192).a(pooled: 32), block("5c", 256).a(pooled: 64), block("5d", 288).a(pooled: 64),
      block("6a", 288).b(), block("6b", 768).c(width: 128), block("6c", 768).c(width: 160),
      block("6d", 768).c(width: 160), block("6e", 768).c(width: 192), block("7a", 768).d(),
      block("7b", 1280).e(pooling: .average), block("7c", 2048).e(pooling: .maximum),
    ]
    try weights.requireSound(source: source, network: "pytorch-fid's Inception")
  }

  /// The last block's features, averaged over the positions.
  ///
  /// - Parameter pictures: [batch, height, width, 3] in −1...1, of any size: they are resized bilinearly to 299 x 299, as
  ///   pytorch-fid does, without antialiasing.
  /// - Returns: [batch, 2048].
  package func callAsFunction(_ pictures: Tensor) -> Tensor {
    var x = pictures.resizedBilinear(height: Self.side, width: Self.side)
    for (index, convolution) in stem.enumerated() {
      x = convolution(x)
      if index == 2 || index == 4 { x = x.maxPool(kernel: 3, stride: 2) }
    }
    return blocks.reduce(x) { $1($0) }.mean(axes: [1, 2]).reshaped(to: [pictures.shape[0], Self.featureCount])
  }
}

/// A convolution without bias, batch normalization with fixed statistics and a ReLU: torchvision's `BasicConv2d` at
/// inference. The normalization is folded into the filter and a bias.
///
/// Input [batch, height, width, inputs], output [batch, output height, output width, outputs].
final class InceptionConvolution: Layer {
  /// [kernel height, kernel width, inputs, outputs].
  let weight: Parameter
  /// [outputs].
  let bias: Parameter
  private let stride: Int
  private let padding: Padding

  /// Added to the variances before the division.
  private static let epsilon: Scalar = 1e-3

  /// - Parameters:
  ///   - name: The module's name in the state dictionary: `Mixed_5b.branch1x1`.
  ///   - padded: True for zero padding that keeps the size with stride 1.
  init(
    _ name: String, _ inputs: Int, _ outputs: Int, kernel: (height: Int, width: Int) = (1, 1), stride: Int = 1,
    padded: Bool = true, from weights: StateDictionaryReader
  ) throws {
    func statistics(_ key: String) throws -> Tensor {
      try weights.tensor("\(name).bn.\(key)", shape: [outputs])
    }
    let foreign = try weights.tensor("\(name).conv.weight", shape: [outputs, inputs, kernel.height, kernel.width])
    let filter = WeightArrangement.outputsFirst.own(foreign, shape: [kernel.height, kernel.width, inputs, outputs])
    let scale = try statistics("weight") / sqrt(statistics("running_var") + Self.epsilon)
    weight = Parameter(filter * scale)
    bias = try Parameter(statistics("bias") - statistics("running_mean") * scale)
    self.stride = stride
    let (rows, columns) = padded ? (kernel.height / 2, kernel.width / 2) : (0, 0)
    padding = Padding(top: rows, bottom: rows, left: columns, right: columns)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    convolve(
      x, weight.value, kept: weight.filterCache, bias: bias.value, activation: .relu, stride: stride, padding: padding)
  }
}
