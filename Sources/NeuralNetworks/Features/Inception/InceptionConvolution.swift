import Tensors

/// A convolution without bias, batch normalization by fixed statistics and a ReLU: torchvision's `BasicConv2d` in use. The
/// normalization is part of the filter and of a bias.
///
/// Input [batch, height, width, inputs], output [batch, output height, output width, outputs].
final class InceptionConvolution: Layer {
  /// [kernel height, kernel width, inputs, outputs].
  let weight: Parameter
  /// [outputs].
  let bias: Parameter
  private let stride: Int
  private let padding: Padding

  /// The number below which no channel's variance counts.
  private static let epsilon: Scalar = 1e-3

  /// - Parameters:
  ///   - name: The module's name in the state dictionary: `Mixed_5b.branch1x1`.
  ///   - padded: Whether a window may reach beyond the picture, so that with stride 1 the size stays.
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
      x, weight.value, kept: weight.keptFilters, bias: bias.value, activation: .relu, stride: stride, padding: padding)
  }
}
