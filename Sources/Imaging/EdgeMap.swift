/// The lines of a picture, found or drawn: 1 on an edge, 0 elsewhere, rows from the top.
package struct EdgeMap: BinaryRaster {
  package let width: Int
  package let height: Int
  /// `height * width` values, 0 or 1.
  package let values: [UInt8]

  package init(width: Int, height: Int, values: [UInt8]) {
    precondition(
      width > 0 && height > 0 && values.count == width * height && values.allSatisfy { $0 <= 1 },
      "EdgeMap: expected \(width)x\(height) values of 0 or 1, found \(values.count) of at most \(values.max() ?? 0)")
    self.width = width
    self.height = height
    self.values = values
  }

  /// The lines that a picture shows: white, from 128 on, is an edge. The threshold is at half, for JPEG rings around
  /// lines.
  package init(_ picture: Picture) {
    self.init(width: picture.width, height: picture.height, values: picture.grey().pixels.map { $0 >= 128 ? 1 : 0 })
  }

  /// The lines in another size, none of which is lost.
  package func resized(toWidth width: Int, height: Int) -> EdgeMap { resizedCovering(toWidth: width, height: height) }
}
