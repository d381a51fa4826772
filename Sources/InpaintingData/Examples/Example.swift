package import Imaging
package import Tensors

/// A picture, its hole and its conditions: the unit of loading, validation, evaluation and filling.
package struct Example: Equatable, Sendable {
  /// Red, green and blue, or gray.
  package let picture: Picture
  /// The same size as the picture.
  package let hole: Hole
  /// The same size as the picture.
  package let conditions: Conditions
  /// The name of the picture in messages.
  package let name: String

  /// - Precondition: The picture has 1 or 3 channels, and all sizes are the same.
  package init(picture: Picture, hole: Hole, conditions: Conditions = Conditions(), name: String) {
    precondition(
      [1, 3].contains(picture.channels) && (picture.width, picture.height) == (hole.width, hole.height)
        && conditions.haveSize(width: hole.width, height: hole.height),
      "Example: expected a picture of 1 or 3 channels and conditions of the hole's size \(hole.width)x\(hole.height), found one "
        + "of \(picture.width)x\(picture.height)x\(picture.channels)")
    self.picture = picture
    self.hole = hole
    self.conditions = conditions
    self.name = name
  }

  /// The part of the example in a rectangle.
  ///
  /// - Precondition: The rectangle lies within the picture.
  package func cropped(to part: PixelRectangle) -> Example {
    Example(
      picture: picture.cropped(to: part), hole: hole.cropped(to: part),
      conditions: conditions.map { $0.cropped(to: part) }, name: name)
  }

  /// The example padded on the right and at the bottom by reflection, until both sides are multiples of a number.
  package func padded(toMultipleOf multiple: Int) -> Example {
    let width = (picture.width + multiple - 1) / multiple * multiple
    let height = (picture.height + multiple - 1) / multiple * multiple
    return Example(
      picture: picture.reflected(toWidth: width, height: height), hole: hole.reflected(toWidth: width, height: height),
      conditions: conditions.map { $0.reflected(toWidth: width, height: height) }, name: name)
  }
}

extension Picture {
  /// A picture of a tensor: −1...1 becomes 0...255, rounded and clamped; NaN becomes 0.
  ///
  /// - Parameter tensor: [height, width, channels] or [1, height, width, channels], with 1 or 3 channels.
  package init(_ tensor: Tensor) {
    let shape = Array(tensor.shape.suffix(3))
    precondition(
      shape.count == 3 && tensor.count == shape.elementCount && (shape[2] == 1 || shape[2] == 3),
      "Picture: expected one picture with 1 or 3 channels, found shape \(tensor.shape)")
    let pixels = tensor.withElements { elements in
      elements.map { value in
        let level = (value + 1) * 127.5
        return UInt8(Scalar.minimum(Scalar.maximum(level, 0), 255).rounded())
      }
    }
    self.init(width: shape[1], height: shape[0], channels: shape[2], pixels: pixels)
  }

  /// [1, height, width, channels] in −1...1.
  package var tensor: Tensor {
    Tensor(shape: [1, height, width, channels]) { write(to: $0.baseAddress!) }
  }

  /// Writes `height * width * channels` numbers in −1...1, x / 127.5 − 1, rows from the top, channels interleaved.
  func write(to destination: UnsafeMutablePointer<Scalar>) {
    for (index, value) in pixels.enumerated() { destination[index] = Picture.normalized[Int(value)] }
  }

  /// The 256 results of x / 127.5 − 1.
  private static let normalized: [Scalar] = (0...255).map { Scalar($0) / 127.5 - 1 }
}

extension Hole {
  /// [1, height, width, 1], 1 where pixels are missing, 0 elsewhere.
  package var tensor: Tensor {
    Tensor(shape: [1, height, width, 1]) { write(to: $0.baseAddress!) }
  }

  /// Writes `height * width` numbers, 1 where pixels are missing, 0 elsewhere.
  func write(to destination: UnsafeMutablePointer<Scalar>) {
    for (index, value) in values.enumerated() { destination[index] = Scalar(value) }
  }
}
