import Imaging
import Tensors

/// What a network is shown once: a picture and where it is missing.
package struct Sample: Equatable, Sendable {
  /// `size` x `size`, red, green, blue.
  package let picture: Picture
  /// `size` x `size`, 1 where pixels are missing.
  package let hole: HoleRaster
  /// What messages call the picture.
  package let name: String

  package init(picture: Picture, hole: HoleRaster, name: String) {
    precondition(
      picture.channels == 3 && picture.width == hole.width && picture.height == hole.height,
      "Sample: expected an RGB picture of the hole's size \(hole.width)x\(hole.height)")
    self.picture = picture
    self.hole = hole
    self.name = name
  }

  /// Writes the picture as `height * width * 3` numbers in -1...1 (x / 127.5 - 1), rows from the top, channels
  /// interleaved.
  package func writePicture(to destination: UnsafeMutablePointer<Scalar>) {
    for (index, value) in picture.pixels.enumerated() { destination[index] = Sample.scaled[Int(value)] }
  }

  /// Writes the hole as `height * width` numbers, 1 where pixels are missing, else 0.
  package func writeHole(to destination: UnsafeMutablePointer<Scalar>) {
    for (index, value) in hole.values.enumerated() { destination[index] = Scalar(value) }
  }

  /// The 256 results of x / 127.5 - 1.
  private static let scaled: [Scalar] = (0...255).map { Scalar($0) / 127.5 - 1 }
}
