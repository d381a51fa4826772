/// Zeros around a picture: rows above and below, columns before and behind.
public struct Padding: Hashable, Sendable {
  public var top: Int
  public var bottom: Int
  public var left: Int
  public var right: Int

  public init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }

  public init(_ everySide: Int) {
    self.init(top: everySide, bottom: everySide, left: everySide, right: everySide)
  }

  public static let none = Padding(0)
}

/// Every size of a 2-d convolution: input [batch, height, width, channels], filter [kernelHeight, kernelWidth,
/// channels, filters], output [batch, outputHeight, outputWidth, filters].
public struct ConvolutionGeometry: Hashable, Sendable {
  public var batch: Int
  public var height: Int
  public var width: Int
  public var channels: Int
  public var filters: Int
  public var kernelHeight: Int
  public var kernelWidth: Int
  public var stride: Int
  public var dilation: Int
  public var padding: Padding
  /// Every pixel of the input counts as a square of so many pixels to a side. Only `ConvolutionMethod.computesEnlarged`
  /// convolutions may have more than 1.
  public var upsampling: Int

  public init(
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

  public var outputHeight: Int {
    (height * upsampling + padding.top + padding.bottom - dilation * (kernelHeight - 1) - 1) / stride + 1
  }
  public var outputWidth: Int {
    (width * upsampling + padding.left + padding.right - dilation * (kernelWidth - 1) - 1) / stride + 1
  }

  /// The length of one window: what an output pixel is the weighted sum of.
  var windowLength: Int { kernelHeight * kernelWidth * channels }
}
