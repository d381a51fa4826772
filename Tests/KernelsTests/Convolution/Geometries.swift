import Kernels
import Testing

extension ConvolutionGeometry: CustomTestStringConvertible {
  package var testDescription: String {
    "\(batch)x\(height)x\(width)x\(channels) to \(filters), kernel \(kernelHeight)x\(kernelWidth), stride \(stride), "
      + "dilation \(dilation), padding \(padding.top) \(padding.bottom) \(padding.left) \(padding.right)"
  }

  /// A square kernel on a picture that is a little wider than high.
  init(
    kernel: Int, stride: Int = 1, dilation: Int = 1, batch: Int = 1, size: Int, channels: Int, filters: Int,
    padding: Padding
  ) {
    self.init(
      batch: batch, height: size, width: size + 3, channels: channels, filters: filters, kernelHeight: kernel,
      kernelWidth: kernel, stride: stride, dilation: dilation, padding: padding)
  }

  /// Every kernel, stride, dilation, number of channels and batch with unequal padding that keeps the size roughly.
  static let grid: [ConvolutionGeometry] = {
    var result: [ConvolutionGeometry] = []
    for kernel in [1, 2, 3, 5, 7] {
      for stride in [1, 2, 3] {
        for dilation in [1, 2, 4, 16] {
          for channels in [1, 3, 24] {
            for batch in [1, 2] {
              let reach = dilation * (kernel - 1)
              let padding = Padding(
                top: reach / 2 + 1, bottom: reach - reach / 2, left: reach / 2, right: reach / 2 + 2)
              result.append(
                ConvolutionGeometry(
                  kernel: kernel, stride: stride, dilation: dilation, batch: batch, size: 8 + (stride + batch) % 3,
                  channels: channels, filters: [1, 2, 5][(kernel + dilation) % 3], padding: padding))
            }
          }
        }
      }
    }
    return result
  }()

  /// Geometries that the grid leaves out.
  static let corners: [ConvolutionGeometry] = [
    // Without padding, so that the last rows and columns are left over.
    ConvolutionGeometry(kernel: 3, stride: 2, size: 10, channels: 3, filters: 4, padding: .none),
    ConvolutionGeometry(kernel: 5, stride: 3, size: 12, channels: 2, filters: 3, padding: .none),
    // The stride steps over pixels that no window reads.
    ConvolutionGeometry(kernel: 1, stride: 3, size: 11, channels: 3, filters: 2, padding: .none),
    ConvolutionGeometry(kernel: 2, stride: 3, size: 9, channels: 1, filters: 3, padding: Padding(bottom: 1)),
    // The kernel is larger than the picture.
    ConvolutionGeometry(kernel: 7, size: 3, channels: 2, filters: 2, padding: Padding(3)),
    ConvolutionGeometry(kernel: 5, stride: 2, size: 2, channels: 3, filters: 1, padding: Padding(2)),
    ConvolutionGeometry(kernel: 3, dilation: 16, size: 5, channels: 2, filters: 2, padding: Padding(16)),
    // The padding exceeds the picture: whole windows of zeros.
    ConvolutionGeometry(kernel: 3, size: 2, channels: 2, filters: 3, padding: Padding(5)),
    ConvolutionGeometry(kernel: 1, stride: 2, size: 3, channels: 2, filters: 2, padding: Padding(top: 4, left: 5)),
    ConvolutionGeometry(kernel: 3, stride: 2, size: 4, channels: 1, filters: 2, padding: Padding(bottom: 7, right: 6)),
    // TensorFlow's SAME for an even size and stride 2.
    ConvolutionGeometry(kernel: 3, stride: 2, size: 8, channels: 3, filters: 4, padding: Padding(bottom: 1, right: 1)),
    // Rectangular kernels, a single row, a single column, a single pixel.
    ConvolutionGeometry(
      batch: 2, height: 6, width: 9, channels: 3, filters: 2, kernelHeight: 1, kernelWidth: 7, stride: 1, dilation: 1,
      padding: Padding(left: 3, right: 3)),
    ConvolutionGeometry(
      batch: 2, height: 9, width: 6, channels: 3, filters: 2, kernelHeight: 5, kernelWidth: 2, stride: 2, dilation: 2,
      padding: Padding(top: 4, bottom: 3, right: 1)),
    ConvolutionGeometry(
      batch: 1, height: 1, width: 20, channels: 2, filters: 3, kernelHeight: 1, kernelWidth: 3, stride: 1,
      dilation: 4, padding: Padding(left: 4, right: 4)),
    ConvolutionGeometry(
      batch: 3, height: 20, width: 1, channels: 2, filters: 3, kernelHeight: 4, kernelWidth: 1, stride: 3,
      dilation: 1, padding: Padding(top: 2, bottom: 1)),
    ConvolutionGeometry(
      batch: 2, height: 1, width: 1, channels: 4, filters: 4, kernelHeight: 3, kernelWidth: 3, stride: 2, dilation: 1,
      padding: Padding(1)),
    // Few filters: the taps of a row are columns.
    ConvolutionGeometry(
      kernel: 3, batch: 2, size: 40, channels: 16, filters: 3, padding: Padding(top: 1, bottom: 2, left: 2, right: 0)),
    ConvolutionGeometry(kernel: 3, dilation: 4, size: 3, channels: 9, filters: 5, padding: Padding(9)),
    // Several tiles: one of them ends within a picture, and the pointwise one needs no gathering.
    ConvolutionGeometry(kernel: 3, batch: 2, size: 32, channels: 24, filters: 7, padding: Padding(1)),
    ConvolutionGeometry(kernel: 1, batch: 2, size: 30, channels: 24, filters: 5, padding: .none),
    ConvolutionGeometry(kernel: 5, stride: 2, batch: 3, size: 41, channels: 6, filters: 10, padding: Padding(2)),
  ]

  static let all = grid + corners
}
