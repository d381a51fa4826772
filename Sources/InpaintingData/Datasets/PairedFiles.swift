import Foundation

/// Files that belong to pictures by their names, such as hole pictures: a file and its picture have the same path
/// relative to their folders, endings aside.
package struct PairedFiles: Sendable {
  /// In the order of the list.
  private let files: [String: [ListedPicture]]
  /// The first file with the same name as an earlier one, endings aside; nil if there is none.
  package let firstRepeated: ListedPicture?

  /// Sorts files by their names, and reads none.
  package init(_ list: [ListedPicture]) {
    var files: [String: [ListedPicture]] = [:]
    var firstRepeated: ListedPicture?
    for file in list {
      let stem = Self.stem(of: file.name)
      if files[stem] != nil { firstRepeated = firstRepeated ?? file }
      files[stem, default: []].append(file)
    }
    self.files = files
    self.firstRepeated = firstRepeated
  }

  /// The files of a picture, by its name in a folder or list: one where all is well.
  package func files(forPicture name: String) -> [ListedPicture] { files[Self.stem(of: name)] ?? [] }

  /// A relative path without its ending: the part that a picture's name and its file's have in common.
  package static func stem(of name: String) -> String { (name as NSString).deletingPathExtension }
}
