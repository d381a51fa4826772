/// Zeros around a picture: rows above and below, columns before and behind.
package struct Padding: Hashable, Sendable {
  package var top: Int
  package var bottom: Int
  package var left: Int
  package var right: Int

  package init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }

  package init(_ everySide: Int) {
    self.init(top: everySide, bottom: everySide, left: everySide, right: everySide)
  }

  package static let none = Padding(0)
}

/// Every size of a 2-d convolution: input [batch, height, width, channels], filter [kernelHeight, kernelWidth,
/// channels, filters], output [batch, outputHeight, outputWidth, filters].
package struct ConvolutionGeometry: Hashable, Sendable {
  package var batch: Int
  package var height: Int
  package var width: Int
  package var channels: Int
  package var filters: Int
  package var kernelHeight: Int
  package var kernelWidth: Int
  package var stride: Int
  package var dilation: Int
  package var padding: Padding
  /// Every pixel of the input counts as a square of so many pixels to a side.
  package var upsampling: Int

  package init(
    batch: Int, height: Int, width: Int, channels: Int, filters: Int, kernelHeight: Int, kernelWidth: Int,
    stride: Int, dilation: Int, padding: Padding, upsampling: Int = 1
  ) {
    self.batch = batch
    self.height = height
    self.width = width
    self.channels = channels
    self.filters = filters
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.upsampling = upsampling
  }

  package var outputHeight: Int {
    (height * upsampling + padding.top + padding.bottom - dilation * (kernelHeight - 1) - 1) / stride + 1
  }
  package var outputWidth: Int {
    (width * upsampling + padding.left + padding.right - dilation * (kernelWidth - 1) - 1) / stride + 1
  }

  /// The length of one patch: what an output pixel is the weighted sum of.
  var patchLength: Int { kernelHeight * kernelWidth * channels }
}
