import Support

/// Label maps from a folder with one mask for each part of a face, as in CelebAMask-HQ (Lee et al., 2020).
///
/// The masks of picture 123 are `0/00123_skin.png`, `0/00123_hair.png` and so on; a folder has those of 2000 pictures.
/// Pixels that are not 0 are the part, and in the order of `LabelClasses.celebAMaskHQ` later parts cover earlier ones.
package struct PartMasks: Sendable {
  /// The name of the layout in configurations.
  package static let layout = "celebamask_hq_parts"

  private let folder: String
  private let classes: LabelClasses
  /// In the order of painting.
  private let parts: [Part]
  private let background: UInt8

  private struct Part: Sendable {
    let name: String
    let value: UInt8
  }

  /// The number of pictures whose masks are in one folder.
  private static let picturesPerFolder = 2000

  /// - Parameter classes: Any list that has the parts' names, in any order.
  /// - Throws: `Failure` of kind `missingInput` if there is no such folder, `configuration` if the list lacks a part.
  package init(folder: String, classes: LabelClasses = .celebAMaskHQ) throws {
    guard Path.isFolder(folder) else {
      throw Failure(
        .missingInput, "\(folder): expected a folder with the folders 0, 1, 2 … of part masks, found none there")
    }
    let parts = try LabelClasses.celebAMaskHQ.classes.map { part in
      guard let value = classes.index(named: part.name) else {
        throw Failure(
          .configuration,
          "\(classes.name): expected the classes of CelebAMask-HQ for the layout \(Self.layout), found no \"\(part.name)\""
        )
      }
      return Part(name: part.name, value: value)
    }
    self.folder = folder
    self.classes = classes
    background = parts[0].value
    self.parts = Array(parts.dropFirst())
  }

  /// The masks that a picture has, in the order of painting. Files are not opened.
  ///
  /// - Parameter stem: The picture's name without its extension: `123`, `00123`, also with folders.
  package func files(forStem stem: String) -> [String] { masks(forStem: stem).map(\.path) }

  /// The map of a picture, in the size of its masks, which is half of the pictures'; nil if it has no mask.
  ///
  /// - Throws: `Failure` of kind `data` if a mask is damaged or of another size than the first, and as
  ///   `Picture.init(contentsOfFile:)`.
  package func labelMap(forStem stem: String) throws -> LabelMap? {
    var size: (width: Int, height: Int)?
    var values: [UInt8] = []
    for (part, path) in masks(forStem: stem) {
      let drawn = try Picture(contentsOfFile: path, keepsGray: true)
      let (width, height) = size ?? (drawn.width, drawn.height)
      guard (drawn.width, drawn.height) == (width, height) else {
        throw Failure(
          .data,
          "\(path): expected a part mask of \(width)x\(height), as the picture's others, found \(drawn.width)x\(drawn.height)"
        )
      }
      if size == nil { values = [UInt8](repeating: background, count: width * height) }
      size = (width, height)
      for index in values.indices
      where drawn.pixels[index * drawn.channels..<(index + 1) * drawn.channels].contains(where: { $0 != 0 }) {
        values[index] = part.value
      }
    }
    return size.map { LabelMap(width: $0.width, height: $0.height, values: values, classes: classes) }
  }

  private func masks(forStem stem: String) -> [(part: Part, path: String)] {
    let name = stem.split(separator: "/").last ?? ""
    guard let id = Int(name), id >= 0, name.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else {
      return []
    }
    let digits = String(id)
    let number = String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
    return parts.map { ($0, "\(folder)/\(id / Self.picturesPerFolder)/\(number)_\($0.name).png") }
      .filter { Path.exists($0.1) }
  }
}
