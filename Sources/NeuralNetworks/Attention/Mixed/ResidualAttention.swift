package import Support
package import Tensors

/// Residual attention: a trunk of residual units, whose output T is multiplied by 1 + M, where M is the output of a
/// parallel branch with a larger receptive field (Wang et al., 2017, "Residual Attention Network for Image
/// Classification", eq. 3 and figure 2).
///
/// One residual unit comes before the trunk of two units and the branch, and one after (1 + M) · T. Input and output
/// are [batch, height, width, channels].
package final class ResidualAttention: ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// The number of times that the branch downsamples by 2, from 1 to 3. The authors use 3 for 56x56 features, 2 for
    /// 28x28 and 1 for 14x14.
    package var downLevels = 3
    /// The activation of the branch's output.
    package var activation = AttentionActivation.mixed
    /// The rule of the branch's bilinear upsampling. The authors' interpolation layer aligns the corners.
    package var interpolation = BilinearRule.alignCorners

    package init() {}

    package init(_ reader: JSONReader) throws {
      downLevels = try reader.integer("down_levels", in: 1...3, default: downLevels)
      activation = try reader.choice("activation", default: activation)
      interpolation = try reader.choice("interpolation", default: interpolation)
    }
  }

  package let first: PreActivationUnit
  package let trunk: [PreActivationUnit]
  package let branch: SoftMaskBranch
  package let last: PreActivationUnit
  private let channels: Int

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("ResidualAttention \(initialization.name): \(problem)")
    }
    self.channels = channels
    first = PreActivationUnit(channels: channels, initialization: initialization["first"])
    trunk = (0..<2).map { PreActivationUnit(channels: channels, initialization: initialization["trunk.\($0)"]) }
    branch = SoftMaskBranch(channels: channels, options: options, initialization: initialization["branch"])
    last = PreActivationUnit(channels: channels, initialization: initialization["last"])
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options) -> String? {
    if channels < 4 || channels % 4 != 0 {
      return "the number of channels (\(channels)) must be a positive multiple of 4"
    }
    let isPossible = (1...3).contains(options.downLevels)
    return isPossible ? nil : "the number of down-levels (\(options.downLevels)) must be 1, 2 or 3"
  }

  /// - Parameter x: [batch, height, width, channels].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    let x = entered(x)
    return last(Self.fused(trunk: x.through(trunk[0], trunk[1]), weights: branch(x)))
  }

  /// M, the branch's output: [batch, height, width, channels].
  ///
  /// - Parameter x: [batch, height, width, channels].
  package func weights(of x: Tensor) -> Tensor { branch(entered(x)) }

  /// Attention residual learning, eq. 3: where M is 0, the trunk's output and its gradient remain.
  static func fused(trunk: Tensor, weights: Tensor) -> Tensor { (1 + weights) * trunk }

  private func entered(_ x: Tensor) -> Tensor {
    precondition(
      x.rank == 4 && x.shape[3] == channels && x.count > 0,
      "ResidualAttention: expected [batch, height, width, \(channels)], found shape \(x.shape)")
    return first(x)
  }

  /// The multiply-adds of the convolutions, and one per element of M; interpolation does not count.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    let units = [first, last] + trunk
    return units.reduce(0) { $0 + $1.multiplyAdds(height: height, width: width) }
      + branch.multiplyAdds(height: height, width: width) + channels * height * width
  }

  /// The names of the PyTorch port (tengshaofeng). Its modules for stages 0 to 3 add lower levels and the trunk to the
  /// branch as well, which is not in the paper; `AttentionModule_pre` computes the same as this module.
  package var portedWeights: [PortedWeight] {
    first.portedWeights(named: "first_residual_blocks")
      + trunk.enumerated().flatMap { $1.portedWeights(named: "trunk_branches.\($0)") }
      + branch.portedWeights + last.portedWeights(named: "last_blocks")
  }
}

/// The soft mask branch of `ResidualAttention`: downsampling, residual units and upsampling, as in an hourglass (Wang
/// et al., 2017, section 3.1 and figure 3).
///
/// Downsampling is max pooling of 3x3 windows with stride 2 and padding 1, so a level has half of the positions per
/// axis of the one above, rounded up. One unit follows on each level, two on the lowest. On the way up, the features of
/// each level are upsampled to the size of the next and added to its skip connection, which has a unit of its own; one
/// more unit follows. The last layers are two 1x1 convolutions without bias, each after batch normalization and a ReLU.
package final class SoftMaskBranch: AttentionLayer {
  /// The units on the way down, without the lowest level.
  package let down: [PreActivationUnit]
  /// The units of the skip connections.
  package let skips: [PreActivationUnit]
  /// The two units on the lowest level.
  package let bottom: [PreActivationUnit]
  /// The units on the way up, lowest level first.
  package let up: [PreActivationUnit]
  package let normalization1: BatchNorm2d
  package let convolution1: Conv2d
  package let normalization2: BatchNorm2d
  package let convolution2: Conv2d
  private let activation: AttentionActivation
  private let interpolation: BilinearRule

  init(channels: Int, options: ResidualAttention.Options, initialization: Initialization) {
    func units(_ count: Int, _ name: String) -> [PreActivationUnit] {
      (0..<count).map { PreActivationUnit(channels: channels, initialization: initialization["\(name).\($0)"]) }
    }
    func convolution(_ name: String) -> Conv2d {
      Conv2d(
        inputChannels: channels, outputChannels: channels, kernel: 1, bias: false, initialization: initialization[name])
    }
    activation = options.activation
    interpolation = options.interpolation
    down = units(options.downLevels - 1, "down")
    skips = units(options.downLevels - 1, "skips")
    bottom = units(2, "bottom")
    up = units(options.downLevels - 1, "up")
    normalization1 = BatchNorm2d(channels: channels)
    convolution1 = convolution("convolution1")
    normalization2 = BatchNorm2d(channels: channels)
    convolution2 = convolution("convolution2")
  }

  /// - Parameter x: [batch, height, width, channels].
  /// - Returns: The weights, of the same shape.
  package func callAsFunction(_ x: Tensor) -> Tensor {
    var levels: [Tensor] = []
    var features = x
    for unit in down {
      features = unit(halved(features))
      levels.append(features)
    }
    features = halved(features).through(bottom[0], bottom[1])
    for (unit, number) in zip(up, levels.indices.reversed()) {
      features = unit(enlarged(features, to: levels[number]) + skips[number](levels[number]))
    }
    features = convolution1(relu(normalization1(enlarged(features, to: x))))
    return activation(convolution2(relu(normalization2(features))))
  }

  private func halved(_ x: Tensor) -> Tensor { x.maxPool(kernel: 3, stride: 2, padding: Padding(1)) }

  private func enlarged(_ x: Tensor, to level: Tensor) -> Tensor {
    x.resizedBilinear(height: level.shape[1], width: level.shape[2], rule: interpolation)
  }

  package func multiplyAdds(height: Int, width: Int) -> Int {
    var (rows, columns) = (height, width)
    func halve() { (rows, columns) = ((rows + 1) / 2, (columns + 1) / 2) }
    func count(_ units: [PreActivationUnit]) -> Int {
      units.reduce(0) { $0 + $1.multiplyAdds(height: rows, width: columns) }
    }
    var total = 2 * convolution1.weight.shape.elementCount * height * width
    for number in down.indices {
      halve()
      total += count([down[number], skips[number], up[number]])
    }
    halve()
    return total + count(bottom)
  }

  /// Named as in the PyTorch port (tengshaofeng), which numbers its groups of units.
  var portedWeights: [PortedWeight] {
    let levels = down.count + 1
    let ways = down.indices.flatMap { number in
      down[number].portedWeights(named: "softmax\(number + 1)_blocks")
        + skips[number].portedWeights(named: "skip\(number + 1)_connection_residual_block")
    }
    let lowest = bottom.enumerated().flatMap { $1.portedWeights(named: "softmax\(levels)_blocks.\($0)") }
    let returns = up.enumerated().flatMap { $1.portedWeights(named: "softmax\(levels + 1 + $0)_blocks") }
    let end = "softmax\(2 * levels)_blocks"
    return ways + lowest + returns + normalization1.portedWeights(named: end + ".0")
      + convolution1.portedWeights(named: end + ".2") + normalization2.portedWeights(named: end + ".3")
      + convolution2.portedWeights(named: end + ".5")
  }
}

/// A bottleneck residual unit with full pre-activation (He et al., 2016, "Identity Mappings in Deep Residual Networks",
/// figure 4e).
///
/// The residual branch applies batch normalization, a ReLU and a convolution without bias three times: 1x1 to a quarter
/// of the channels, 3x3, and 1x1 back. Input and output are [batch, height, width, channels].
package final class PreActivationUnit: AttentionLayer {
  package let normalization1: BatchNorm2d
  package let convolution1: Conv2d
  package let normalization2: BatchNorm2d
  package let convolution2: Conv2d
  package let normalization3: BatchNorm2d
  package let convolution3: Conv2d

  /// - Parameter channels: A multiple of 4.
  init(channels: Int, initialization: Initialization) {
    let narrow = channels / 4
    func convolution(_ inputs: Int, _ outputs: Int, kernel: Int, _ name: String) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: kernel, bias: false,
        initialization: initialization[name])
    }
    normalization1 = BatchNorm2d(channels: channels)
    convolution1 = convolution(channels, narrow, kernel: 1, "convolution1")
    normalization2 = BatchNorm2d(channels: narrow)
    convolution2 = convolution(narrow, narrow, kernel: 3, "convolution2")
    normalization3 = BatchNorm2d(channels: narrow)
    convolution3 = convolution(narrow, channels, kernel: 1, "convolution3")
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let narrow = convolution1(relu(normalization1(x)))
    return x + convolution3(relu(normalization3(convolution2(relu(normalization2(narrow))))))
  }

  /// 17 / 16 · C² · N for C channels and N positions.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    let filters = [convolution1, convolution2, convolution3].map(\.weight.shape.elementCount)
    return filters.reduce(0, +) * height * width
  }

  func portedWeights(named name: String) -> [PortedWeight] {
    normalization1.portedWeights(named: name + ".bn1") + convolution1.portedWeights(named: name + ".conv1")
      + normalization2.portedWeights(named: name + ".bn2") + convolution2.portedWeights(named: name + ".conv2")
      + normalization3.portedWeights(named: name + ".bn3") + convolution3.portedWeights(named: name + ".conv3")
  }
}

/// The function that turns the branch's last features, [batch, height, width, channels], into weights (Wang et al.,
/// 2017, eq. 4 to 6).
package enum AttentionActivation: String, CaseIterable, Sendable {
  /// sigmoid(x), for each channel of each position.
  case mixed
  /// x divided by its L2 norm over the channels at each position.
  case channel
  /// sigmoid of x standardized over the positions: mean 0 and variance 1 in each channel of each sample.
  case spatial

  package func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .mixed: return sigmoid(x)
    case .channel: return x / sqrt(square(x).sum(axes: [3]) + 1e-12)
    case .spatial:
      let centered = x - x.mean(axes: [1, 2])
      return sigmoid(centered / sqrt(square(centered).mean(axes: [1, 2]) + 1e-5))
    }
  }
}
