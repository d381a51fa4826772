import Imaging

/// A picture, the hole in it, and the conditions of its filling: what is loaded, validated, evaluated and filled.
package struct Example: Equatable, Sendable {
  /// Red, green and blue, or gray.
  package let picture: Picture
  /// Of the picture's size.
  package let hole: Hole
  /// Of the picture's size.
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

  /// The part in a rectangle.
  ///
  /// - Precondition: The rectangle lies within the picture.
  package func cropped(to part: PixelRectangle) -> Example {
    Example(
      picture: picture.cropped(to: part), hole: hole.cropped(to: part),
      conditions: conditions.map { $0.cropped(to: part) }, name: name)
  }

  /// The example reflected beyond its right and lower borders until both sides are multiples of a number.
  package func padded(toMultipleOf multiple: Int) -> Example {
    let width = (picture.width + multiple - 1) / multiple * multiple
    let height = (picture.height + multiple - 1) / multiple * multiple
    return Example(
      picture: picture.reflected(toWidth: width, height: height), hole: hole.reflected(toWidth: width, height: height),
      conditions: conditions.map { $0.reflected(toWidth: width, height: height) }, name: name)
  }
}
