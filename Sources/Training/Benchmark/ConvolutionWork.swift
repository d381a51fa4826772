import Tensors

extension ConvolutionGeometry {
  /// The multiplications and additions of the direct method, of the convolution and of either of its gradients:
  /// 2 · batch · output pixels · kernel pixels · channels · filters. Padding counts, as everywhere.
  var directOperations: Double {
    2 * outputCount * Double(kernelHeight * kernelWidth) * Double(channels)
  }

  /// The bytes that have to move at least: input, filter and output once each, whichever of the three is computed.
  var leastBytes: Double {
    let input = Double(batch * height * width) * Double(channels)
    let filter = Double(kernelHeight * kernelWidth * channels) * Double(filters)
    return (input + filter + outputCount) * Double(MemoryLayout<Scalar>.stride)
  }

  /// Operations a byte: a kernel whose machine computes more than this while it fetches a byte waits for memory.
  var intensity: Double { directOperations / leastBytes }

  /// For people: `4x 64x64 96→192 3x3 dilation 2`.
  var summary: String {
    var words = ["\(batch)x", "\(height)x\(width)", "\(channels)→\(filters)", "\(kernelHeight)x\(kernelWidth)"]
    if stride > 1 { words.append("stride \(stride)") }
    if dilation > 1 { words.append("dilation \(dilation)") }
    if upsampling > 1 { words.append("after nearest x\(upsampling)") }
    return words.joined(separator: " ")
  }

  private var outputCount: Double { Double(batch * outputHeight * outputWidth) * Double(filters) }
}
