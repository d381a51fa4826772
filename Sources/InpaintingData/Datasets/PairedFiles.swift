import Foundation
package import Support

/// Files that belong to pictures by their names, such as hole pictures.
///
/// A hole picture and its picture have the same path relative to their folders, apart from the extension. If there is
/// none of that name, those with a suffix belong to it, as in LaMa: to `image1.png` `image1_mask.png`, or
/// `image1_mask001.png`, `image1_mask002.png` and so on.
package struct PairedFiles: Sendable {
  /// In the order of the list.
  private let files: [String: [ListedPicture]]
  /// By the stem before the suffix, in the order of the list.
  private let filesWithSuffix: [String: [ListedPicture]]
  /// The first file with the same name as an earlier one, apart from the extension; nil if there is none.
  package let firstRepeated: ListedPicture?

  /// Groups files by their names, without reading them.
  ///
  /// - Parameter suffix: The suffix that may follow a picture's name and a hyphen, an underscore or a dot.
  package init(_ list: [ListedPicture], suffix: String = "mask") {
    var files: [String: [ListedPicture]] = [:]
    var filesWithSuffix: [String: [ListedPicture]] = [:]
    var firstRepeated: ListedPicture?
    for file in list {
      let stem = Self.stem(of: file.name)
      if files[stem] != nil { firstRepeated = firstRepeated ?? file }
      files[stem, default: []].append(file)
      if let picture = Self.pictureStem(of: stem, suffix: suffix) { filesWithSuffix[picture, default: []].append(file) }
    }
    self.files = files
    self.filesWithSuffix = filesWithSuffix
    self.firstRepeated = firstRepeated
  }

  /// The files of a picture, by its name in a folder or list: those of the same name, of which there should be one, or
  /// else those with a suffix, of which there may be several.
  package func files(forPicture name: String) -> [ListedPicture] {
    let stem = Self.stem(of: name)
    return files[stem] ?? filesWithSuffix[stem] ?? []
  }

  /// True if the files of a picture have its name and a suffix.
  package func haveSuffix(forPicture name: String) -> Bool {
    let stem = Self.stem(of: name)
    return files[stem] == nil && filesWithSuffix[stem] != nil
  }

  /// A relative path without its extension: the part that a picture's name and its file's have in common.
  package static func stem(of name: String) -> String { (name as NSString).deletingPathExtension }

  /// The stem of the picture that a file belongs to by its suffix: `_mask`, `-mask` or `.mask`, and a number or none.
  private static func pictureStem(of stem: String, suffix: String) -> String? {
    let number = stem.utf8.reversed().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    var rest = Substring(stem.utf8.dropLast(number.count))
    if !number.isEmpty, let separator = rest.utf8.last, separators.contains(separator) { rest = rest.dropLast() }
    guard rest.lowercased().hasSuffix(suffix) else { return nil }
    rest = rest.dropLast(suffix.count)
    guard let separator = rest.utf8.last, separators.contains(separator), rest.utf8.count > 1 else { return nil }
    return String(rest.dropLast())
  }

  private static let separators = [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ".")]

  // MARK: Files in both lists

  /// Separates pictures from hole pictures where some files are in both lists, as a picture is never its own hole.
  ///
  /// If one list lies within the other, as a folder of hole pictures may lie in that of the pictures, the files in both
  /// belong to the inner one. Otherwise, as with one folder for both, a file is a hole picture if it has the name of
  /// another one and a suffix, and a picture if not.
  package static func divided(
    pictures: [ListedPicture], holes: [ListedPicture]
  ) -> (pictures: [ListedPicture], holes: [ListedPicture]) {
    let pictureFiles = Set(pictures.compactMap(\.identity))
    let holeFiles = Set(holes.compactMap(\.identity))
    let common = pictureFiles.intersection(holeFiles)
    func isCommon(_ file: ListedPicture) -> Bool { file.identity.map(common.contains) ?? false }
    if common.isEmpty { return (pictures, holes) }
    if common.count == holeFiles.count, common.count < pictureFiles.count {
      return (pictures.filter { !isCommon($0) }, holes)
    }
    if common.count == pictureFiles.count, common.count < holeFiles.count {
      return (pictures, holes.filter { !isCommon($0) })
    }
    let stems = Set((pictures + holes).map { stem(of: $0.name) })
    let suffixed = (pictures + holes).filter {
      pictureStem(of: stem(of: $0.name), suffix: "mask").map(stems.contains) ?? false
    }
    let masks = Set(suffixed.compactMap(\.identity))
    func isMask(_ file: ListedPicture) -> Bool { file.identity.map(masks.contains) ?? false }
    return (pictures.filter { !isCommon($0) || !isMask($0) }, holes.filter { !isCommon($0) || isMask($0) })
  }

  /// The failure where every hole picture is one of the pictures.
  package static func ownHoles(_ source: String) -> Failure {
    Failure(
      .data,
      "\(source): every hole picture is one of the pictures, and a picture is never its own hole, expected names such as "
        + "image1_mask.png or image1_mask001.png beside image1.png, or a folder of hole pictures.")
  }
}

extension ListedPicture {
  /// The file's identity; nil if there is no such file.
  fileprivate var identity: FileStatus.Identity? { FileStatus(ofPath: path)?.identity }
}
