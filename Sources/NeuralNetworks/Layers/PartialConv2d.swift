package import Tensors

/// A partial convolution: it uses known pixels only, renormalizes for missing ones, and updates which pixels are known
/// (Liu et al., 2018, "Image Inpainting for Irregular Holes Using Partial Convolutions", eq. 1 and 2).
///
/// y = Wᵀ(x ⊙ known) · sum(1) / sum(known) + b where anything in the window is known, and 0 elsewhere. Padding counts
/// as missing. Input channels may come in groups with different holes, such as a decoder's features and those of a skip
/// connection; each group has one known plane, which makes the sums cheap.
///
/// The output is [batch, output height, output width, outputChannels]; `weight` is
/// [kernel, kernel, inputChannels, outputChannels], `bias` [outputChannels].
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
  ///   - bias: True for a bias per output channel, which is added where the output is known.
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

  /// Convolves one group of channels.
  package func callAsFunction(_ x: KnownFeatures) -> KnownFeatures { convolved([(x, 1)]) }

  /// Convolves two groups, of which the first is upsampled by 2 (nearest neighbor): a decoder's layer with a skip
  /// connection.
  package func callAsFunction(upsampling x: KnownFeatures, concatenating skip: KnownFeatures) -> KnownFeatures {
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

  /// Wᵀ(x ⊙ known), summed over the groups, each with its own input channels of the filters.
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
        features.visible, filter, kept: isWhole ? weight.filterCache : nil, stride: stride, dilation: dilation,
        padding: zeros, upsampling: upsampling)
    }
    precondition(
      start == weight.shape[2],
      "PartialConv2d: expected \(weight.shape[2]) channels, found \(groups.map(\.features.values.shape))")
    return parts.dropFirst().reduce(parts[0]) { $0 + $1 }
  }

  /// The number of known channels at each pixel, over all groups.
  private func knownChannels(_ groups: [(features: KnownFeatures, upsampling: Int)]) -> Tensor {
    let planes = groups.map { $0.features.knownChannels.upsampledNearest(by: $0.upsampling) }
    return planes.dropFirst().reduce(planes[0]) { $0 + $1 }
  }
}

/// Features and where they are known: the input and output of partial convolutions.
package struct KnownFeatures: Sendable {
  /// [batch, height, width, channels]; values in the holes are ignored.
  package let values: Tensor
  /// 1 where values are known, 0 in holes: [batch or 1, height, width, 1] if all channels share it, which is cheaper,
  /// or [batch or 1, height, width, channels]. No gradient flows through it.
  package let known: Tensor

  package init(_ values: Tensor, known: Tensor) {
    precondition(
      values.rank == 4 && known.rank == 4 && [1, values.shape[0]].contains(known.shape[0])
        && known.shape[1..<3] == values.shape[1..<3] && [1, values.shape[3]].contains(known.shape[3]),
      "KnownFeatures: values of shape \(values.shape) and known of shape \(known.shape) do not fit together")
    self.values = values
    self.known = known.detached()
  }

  /// The values, with zeros in the holes.
  var visible: Tensor {
    known.isEverywhere(1) ? values : values * known
  }

  /// The number of known channels at each pixel: [batch or 1, height, width, 1].
  var knownChannels: Tensor {
    known.shape[3] == values.shape[3] ? known.sum(axes: [-1]) : known * Scalar(values.shape[3])
  }
}
