import Imaging
import Tensors

/// A picture as metrics see it: numbers from 0, black, to 1, full intensity.
package struct PictureValues: Equatable, Sendable {
  package let width: Int
  package let height: Int
  package let channels: Int
  /// `height * width * channels` values in 0...1, rows from the top, channels interleaved.
  package internal(set) var values: [Double]

  /// The 8-bit values, divided by 255; opacities play no part.
  package init(_ picture: Picture) {
    width = picture.width
    height = picture.height
    channels = picture.channels
    values = picture.pixels.map { Double($0) / 255 }
  }

  /// A picture of a tensor. What lies outside −1...1 is cut off, as it would be in a file, but nothing is rounded.
  ///
  /// - Parameter tensor: [1, height, width, channels].
  package init(_ tensor: Tensor) {
    precondition(
      tensor.rank == 4 && tensor.shape[0] == 1,
      "PictureValues: expected one picture, [1, height, width, channels], found shape \(tensor.shape)")
    (height, width, channels) = (tensor.shape[1], tensor.shape[2], tensor.shape[3])
    values = tensor.withElements { elements in
      elements.map { (Double.minimum(Double.maximum(Double($0), -1), 1) + 1) / 2 }
    }
  }

  /// The picture rounded to 8 bits a channel.
  package var picture: Picture {
    Picture(
      width: width, height: height, channels: channels,
      pixels: values.map { UInt8(Double.minimum(Double.maximum($0 * 255, 0), 255).rounded()) })
  }
}
