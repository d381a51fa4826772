package import Tensors

/// A convolution that looks at known pixels only, makes up for those that are missing, and says which pixels it could
/// make (Liu et al., 2018, "Image Inpainting for Irregular Holes Using Partial Convolutions", eq. 1 and 2).
///
/// y = Wᵀ(x ⊙ known) · sum(1) / sum(known) + b where a window has something known, and 0 elsewhere. Zeros around the
/// picture count as holes. Input channels may come in groups with holes of their own, such as a decoder's features and
/// those of a skip connection; one plane a group says what is known, so that the sums cost next to nothing.
///
/// Output [batch, output height, output width, outputChannels]; `weight` is [kernel, kernel, inputChannels,
/// outputChannels], `bias` [outputChannels].
package final class PartialConv2d: Module {
  package let weight: Parameter
  package let bias: Parameter?
  let stride: Int
  let dilation: Int
  let padding: PaddingRule
  let rule: PartialConvolutionRule

  /// - Parameters:
  ///   - inputChannels: The channels of all groups together.
  ///   - kernel: The height and width of the filters.
  ///   - bias: Whether a number is added to each output channel where the output is known.
  package init(
    inputChannels: Int, outputChannels: Int, kernel: Int, stride: Int = 1, dilation: Int = 1,
    padding: PaddingRule = .symmetric, bias: Bool = true, rule: PartialConvolutionRule = .paper,
    initialization: Initialization
  ) {
    precondition(
      inputChannels > 0 && outputChannels > 0 && kernel > 0,
      "PartialConv2d \(initialization.name): channels (\(inputChannels), \(outputChannels)) and kernel (\(kernel)) must "
        + "be positive")
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.rule = rule
    weight = initialization.weight([kernel, kernel, inputChannels, outputChannels])
    self.bias = bias ? Parameter(.zeros([outputChannels])) : nil
  }

  /// One group of channels.
  package func callAsFunction(_ x: KnownFeatures) -> KnownFeatures { convolved([(x, 1)]) }

  /// Two groups, of which the first is enlarged to twice its height and width, each pixel repeated: a layer of a decoder.
  package func callAsFunction(doubled x: KnownFeatures, beside skip: KnownFeatures) -> KnownFeatures {
    convolved([(x, 2), (skip, 1)])
  }

  private func convolved(_ groups: [(features: KnownFeatures, upsampling: Int)]) -> KnownFeatures {
    let kernel = weight.shape[0]
    let (first, upsampling) = groups[0]
    let zeros = padding.padding(
      height: first.values.shape[1] * upsampling, width: first.values.shape[2] * upsampling, kernel: kernel,
      stride: stride, dilation: dilation)
    let sums = knownChannels(groups).windowSums(kernel: kernel, stride: stride, dilation: dilation, padding: zeros)
    let (factors, known) = sums.partialConvolutionFactors(by: rule, full: kernel * kernel * weight.shape[2])
    let scaled = products(groups, zeros) * factors
    guard let bias else { return KnownFeatures(scaled, known: known) }
    return KnownFeatures((scaled + bias.value) * known, known: known)
  }

  /// Wᵀ(x ⊙ known): the sum of what each group's own part of the filters makes of it.
  private func products(_ groups: [(features: KnownFeatures, upsampling: Int)], _ zeros: Padding) -> Tensor {
    var start = 0
    let parts = groups.map { features, upsampling in
      let channels = start..<start + features.values.shape[3]
      start = channels.upperBound
      precondition(
        start <= weight.shape[2],
        "PartialConv2d: expected \(weight.shape[2]) channels, found \(groups.map(\.features.values.shape))")
      let isWhole = channels.count == weight.shape[2]
      let filter = isWhole ? weight.value : weight.value.sliced(axis: 2, channels)
      return convolve(
        features.visible, filter, kept: isWhole ? weight.keptFilters : nil, stride: stride, dilation: dilation,
        padding: zeros, upsampling: upsampling)
    }
    precondition(
      start == weight.shape[2],
      "PartialConv2d: expected \(weight.shape[2]) channels, found \(groups.map(\.features.values.shape))")
    return parts.dropFirst().reduce(parts[0]) { $0 + $1 }
  }

  /// The number of channels of all groups that are known at each pixel.
  private func knownChannels(_ groups: [(features: KnownFeatures, upsampling: Int)]) -> Tensor {
    let planes = groups.map { $0.features.knownChannels.upsampledNearest(by: $0.upsampling) }
    return planes.dropFirst().reduce(planes[0]) { $0 + $1 }
  }
}

/// Features and where they are known: what partial convolutions take and give.
package struct KnownFeatures: Sendable {
  /// [batch, height, width, channels]; whatever is in the holes is not looked at.
  package let values: Tensor
  /// 1 where values are known, 0 in holes: [batch or 1, height, width, 1] if that is the same for every channel, which
  /// is cheaper, or one plane a channel, [batch or 1, height, width, channels]. No gradient flows through it.
  package let known: Tensor

  package init(_ values: Tensor, known: Tensor) {
    precondition(
      values.rank == 4 && known.rank == 4 && [1, values.shape[0]].contains(known.shape[0])
        && known.shape[1..<3] == values.shape[1..<3] && [1, values.shape[3]].contains(known.shape[3]),
      "KnownFeatures: values of shape \(values.shape) cannot be known as shape \(known.shape) says")
    self.values = values
    self.known = known.detached()
  }

  /// The values with zeros in the holes.
  var visible: Tensor {
    known.isEverywhere(1) ? values : values * known
  }

  /// The number of channels that are known at each pixel: [batch or 1, height, width, 1].
  var knownChannels: Tensor {
    known.shape[3] == values.shape[3] ? known.sum(axes: [-1]) : known * Scalar(values.shape[3])
  }
}
