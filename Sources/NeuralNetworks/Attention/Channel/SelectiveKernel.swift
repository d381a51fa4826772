package import Support
package import Tensors

/// Selective kernel: parallel convolutions with several dilations, which each channel mixes depending on the input (Li
/// et al., 2019, "Selective Kernel Networks", section 3.1).
///
/// Split: path m is a grouped 3x3 convolution with dilation m, batch normalization and a ReLU; its kernel covers
/// (2 · m + 1)² positions. Fuse: the channel means s of the paths' sum become a short vector z = ReLU(BN(W · s)).
/// Select: each path has a score per channel computed from z, and the output is the sum of the paths, weighted by a
/// softmax of the scores over the paths. Input and output are [batch, height, width, channels].
///
/// In training with a batch size of 1, the vector has no variance: z is then normalized by the running statistics,
/// which are not updated.
package final class SelectiveKernel: ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// M, the number of paths.
    package var paths = 2
    /// G, the number of groups of the convolutions; it divides the number of channels.
    package var groups = 32
    /// r, the ratio of the number of channels to the length of z, which is rounded down.
    package var reduction = 16
    /// L, the minimum length of z.
    package var minimumLength = 32

    package init() {}

    package init(_ reader: JSONReader) throws {
      paths = try reader.integer("paths", in: 1...8, default: paths)
      groups = try reader.integer("groups", in: 1...4096, default: groups)
      reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
      minimumLength = try reader.integer("minimum_length", in: 1...4096, default: minimumLength)
    }
  }

  /// The paths, in the order of their dilations.
  package let paths: [SelectivePath]
  /// W, from the channel means to z.
  package let fuse: Conv2d
  package let normalization: BatchNorm2d
  /// From z to the scores of all channels: those of the first path, then those of the second, and so on.
  package let select: Conv2d
  private let channels: Int

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("SelectiveKernel \(initialization.name): \(problem)")
    }
    self.channels = channels
    paths = (0..<options.paths).map { number in
      SelectivePath(
        channels: channels, groups: options.groups, dilation: number + 1,
        initialization: initialization["paths.\(number)"])
    }
    let length = max(channels / options.reduction, options.minimumLength)
    fuse = Conv2d(
      inputChannels: channels, outputChannels: length, kernel: 1, bias: false, initialization: initialization["fuse"])
    normalization = BatchNorm2d(channels: length)
    select = Conv2d(
      inputChannels: length, outputChannels: options.paths * channels, kernel: 1, bias: false,
      initialization: initialization["select"])
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options) -> String? {
    if channels < 1 { return "the number of channels (\(channels)) must be positive" }
    if options.paths < 1 { return "the number of paths (\(options.paths)) must be positive" }
    if options.groups < 1 || channels % options.groups != 0 {
      return "the number of channels (\(channels)) must be a multiple of the groups (\(options.groups))"
    }
    if options.reduction < 1 { return "the reduction (\(options.reduction)) must be positive" }
    return options.minimumLength < 1 ? "the minimum length (\(options.minimumLength)) must be positive" : nil
  }

  /// - Parameter x: [batch, height, width, channels].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    let features = split(x)
    let weights = selected(features)
    let parts = features.enumerated().map { path, features in
      features * weights.sliced(axis: 1, path..<path + 1).reshaped(to: [x.shape[0], 1, 1, channels])
    }
    return parts.dropFirst().reduce(parts[0], +)
  }

  /// The weight of each path in each channel, [batch, paths, channels]; the weights of a channel sum to 1.
  ///
  /// - Parameter x: [batch, height, width, channels].
  package func pathWeights(of x: Tensor) -> Tensor { selected(split(x)) }

  private func split(_ x: Tensor) -> [Tensor] {
    precondition(
      x.rank == 4 && x.shape[3] == channels && x.count > 0,
      "SelectiveKernel: expected [batch, height, width, \(channels)], found shape \(x.shape)")
    return paths.map { $0(x) }
  }

  private func selected(_ features: [Tensor]) -> Tensor {
    let means = features.dropFirst().reduce(features[0], +).mean(axes: [1, 2])
    let scores = select(relu(normalized(fuse(means))))
    return softmax(scores.reshaped(to: [means.shape[0], paths.count, channels]), axis: 1)
  }

  private func normalized(_ vectors: Tensor) -> Tensor {
    guard vectors.shape[0] == 1, normalization.freezing == .nothing else { return normalization(vectors) }
    normalization.freezing = .statistics
    defer { normalization.freezing = .nothing }
    return normalization(vectors)
  }

  /// 9 · M · C² · N / G for the paths, M · C · N for their weighted sum, and (M + 1) · C · d for z of the length d.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    let positions = height * width
    return paths.reduce(0) { $0 + $1.multiplyAdds(height: height, width: width) } + paths.count * channels * positions
      + fuse.weight.shape.elementCount + select.weight.shape.elementCount
  }

  /// The names of timm, whose module computes the same if it does not split its input among the paths.
  package var portedWeights: [PortedWeight] {
    paths.enumerated().flatMap { number, path in path.portedWeights(named: "paths.\(number)") }
      + fuse.portedWeights(named: "attn.fc_reduce") + normalization.portedWeights(named: "attn.bn")
      + select.portedWeights(named: "attn.fc_select")
  }
}

/// One path of a `SelectiveKernel`: a grouped 3x3 convolution without bias, batch normalization and a ReLU.
///
/// Input and output [batch, height, width, channels]; `weight` is [3, 3, channels / groups, channels].
package final class SelectivePath: AttentionLayer {
  package let weight: Parameter
  package let normalization: BatchNorm2d
  private let groups: Int
  private let dilation: Int

  init(channels: Int, groups: Int, dilation: Int, initialization: Initialization) {
    self.groups = groups
    self.dilation = dilation
    weight = initialization.weight([3, 3, channels / groups, channels])
    normalization = BatchNorm2d(channels: channels)
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { relu(normalization(convolved(x))) }

  /// The convolution without normalization and ReLU.
  func convolved(_ x: Tensor) -> Tensor {
    convolve(x, weight.value, groups: groups, dilation: dilation, padding: Padding(dilation))
  }

  package func multiplyAdds(height: Int, width: Int) -> Int { weight.shape.elementCount * height * width }

  func portedWeights(named name: String) -> [PortedWeight] {
    [PortedWeight(name + ".conv.weight", weight, .outputsFirst)] + normalization.portedWeights(named: name + ".bn")
  }
}
