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

  /// One picture of a batch. What lies outside −1...1 is cut off, as it would be in a file, but nothing is rounded.
  ///
  /// - Parameters:
  ///   - batch: [batch, height, width, channels] in −1...1.
  ///   - index: Which one.
  package init(_ batch: Tensor, at index: Int) {
    precondition(
      batch.rank == 4 && batch.shape[0] > index && index >= 0,
      "PictureValues: there is no picture \(index) in a batch of shape \(batch.shape)")
    (height, width, channels) = (batch.shape[1], batch.shape[2], batch.shape[3])
    let count = height * width * channels
    values = batch.withElements { elements in
      elements[index * count..<(index + 1) * count].map { (Double.minimum(Double.maximum(Double($0), -1), 1) + 1) / 2 }
    }
  }

  /// The picture rounded to 8 bits a channel.
  package var picture: Picture {
    Picture(
      width: width, height: height, channels: channels,
      pixels: values.map { UInt8(Double.minimum(Double.maximum($0 * 255, 0), 255).rounded()) })
  }
}
