import Imaging
import Support

/// Holes from picture files: white, from 128 on, is missing.
///
/// A file is chosen at random, brought to the picture's size without mixing pixels, and mirrored half of the time.
package struct HolePictures: HoleGenerator {
  /// What is chosen from, each with the same chance.
  package let files: [ListedPicture]

  /// - Throws: As `PictureSource.files()`; `Failure` of kind `configuration` if the source is the built-in pictures.
  package init(_ source: PictureSource) throws {
    guard source != .procedural else {
      throw Failure(
        .configuration,
        "Holes cannot be read from the built-in pictures: expected a folder or a list file of hole pictures.")
    }
    files = try source.files()
  }

  package func drawing(width: Int, height: Int, using stream: inout RandomStream) throws -> Hole {
    let file = files[stream.integer(in: 0..<files.count)]
    let isMirrored = stream.chance(0.5)
    let hole = try Hole(contentsOfFile: file.path).resized(toWidth: width, height: height)
    return isMirrored ? hole.flippedHorizontally() : hole
  }
}
