/// The picture files of a folder or list, and what there is to say of them.
package struct PictureListing: Equatable, Sendable {
  /// In their fixed order.
  package internal(set) var pictures: [ListedPicture] = []
  /// Sentences about what was left out or counted once.
  package internal(set) var remarks: [String] = []

  /// The listing without some of its files, which belong to others of it.
  package func without(_ companions: [ListedPicture]) -> PictureListing {
    let paths = Set(companions.map(\.path))
    var rest = self
    rest.pictures.removeAll { paths.contains($0.path) }
    return rest
  }

  /// The listing with each file counted once, also if it has several names: by links, or in a list by several spellings.
  /// Or one copy would be trained on and the other validate.
  ///
  /// - Parameter source: The name of the folder or list in the remark.
  func countingFilesOnce(source: String) -> PictureListing {
    var seen: Set<FileStatus.Identity> = []
    var once = PictureListing(remarks: remarks)
    for picture in pictures {
      if let identity = FileStatus(ofPath: picture.path)?.identity, !seen.insert(identity).inserted { continue }
      once.pictures.append(picture)
    }
    let kept = Set(once.pictures.map(\.path))
    if let copy = pictures.first(where: { !kept.contains($0.path) }) {
      once.remarks.append(
        "\(source): \(pictures.count - once.pictures.count) of \(pictures.count) names are other names of the same "
          + "files, the first is \(copy.name); each file counts once.")
    }
    return once
  }
}

/// One picture file.
package struct ListedPicture: Equatable, Sendable {
  /// The path relative to the folder, or as its line in the list has it: what messages call the picture, and what
  /// decides whether it is held out.
  package let name: String
  /// The path to open.
  package let path: String
  /// The paths in the further columns of its line in a list, from the second on.
  package let columns: [String]

  package init(name: String, path: String, columns: [String] = []) {
    self.name = name
    self.path = path
    self.columns = columns
  }
}
