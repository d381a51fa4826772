import Foundation
import Imaging
import Support

/// The pictures in a folder and its subfolders, ordered by the bytes of their relative paths.
struct FolderListing {
  /// The pictures found, in order, with remarks about folders that could not be read and the numbers of pictures of
  /// other kinds.
  private(set) var listing = PictureListing()
  /// The rule that tells pictures from other files.
  private var recognition = PictureRecognition()
  /// Returns the names in a folder.
  private let entries: (_ folder: String) throws -> [String]
  /// The folders visited so far: symbolic links may lead to one several times, or in a cycle.
  private var visited: Set<FileStatus.Identity> = []

  /// Lists a folder. Subfolders that cannot be read, such as `lost+found` of a disk, are left out with a remark.
  ///
  /// - Parameter entries: Returns the names in a folder, by their bytes, or throws if it cannot be read.
  /// - Throws: `Failure` of kind `missingInput` if there is no such folder, `data` if there are no pictures in it,
  ///   `inputOutput` if it cannot be read.
  init(_ folder: String, entries: @escaping (_ folder: String) throws -> [String] = Self.entries(of:)) throws {
    self.entries = entries
    guard let status = FileStatus(ofPath: folder), status.kind == .folder else {
      throw Failure(.missingInput, "\(folder): expected a folder with pictures in it, found none there.")
    }
    visited.insert(status.identity)
    try look(into: folder, names: entries(folder), name: "")
    if listing.pictures.isEmpty {
      let found = recognition.counts.map { "found \($0); convert them" } ?? "found none"
      throw Failure(
        .data,
        "\(folder): expected \(PictureFormat.list) pictures in it or in the folders in it, \(found)."
          + listing.remarks.map { " " + $0 }.joined())
    }
    listing.remarks += recognition.remark(folder: folder).map { [$0] } ?? []
    listing.pictures.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Adds the pictures of a folder and its subfolders.
  ///
  /// - Parameters:
  ///   - names: The entries of the folder. Their order decides by which of several paths a subfolder is entered.
  ///   - name: The folder's path relative to the root of the search; empty for the root.
  private mutating func look(into folder: String, names: [String], name: String) {
    for entry in names where !entry.hasPrefix(".") {
      let path = folder + "/" + entry
      let relative = name.isEmpty ? entry : name + "/" + entry
      let status = FileStatus(ofPath: path)
      // A dangling link with a picture's name is kept, so that reading it reports its name.
      let isPicture =
        switch status?.kind {
        case .file: recognition.isPicture(name: entry, path: path)
        case nil: PictureRecognition.promisesPicture(entry)
        case .folder, .other: false
        }
      if isPicture { listing.pictures.append(ListedPicture(name: relative, path: path)) }
      guard let status, status.kind == .folder, visited.insert(status.identity).inserted else { continue }
      do {
        look(into: path, names: try entries(path), name: relative)
      } catch {
        listing.remarks.append("The folder \(path) cannot be read and is left out.")
      }
    }
  }

  /// The names in a folder, by their bytes.
  private static func entries(of folder: String) throws -> [String] {
    do {
      return try FileReader.names(in: folder)
    } catch {
      throw Failure(.inputOutput, "\(folder): the folder cannot be read; check its permissions.")
    }
  }
}

/// The picture files of a folder or list, with remarks.
package struct PictureListing: Equatable, Sendable {
  /// The pictures, in a fixed order.
  package internal(set) var pictures: [ListedPicture] = []
  /// Sentences about what was left out or counted once.
  package internal(set) var remarks: [String] = []

  /// The listing without companion files, which belong to others of it.
  package func without(_ companions: [ListedPicture]) -> PictureListing {
    let paths = Set(companions.map(\.path))
    var rest = self
    rest.pictures.removeAll { paths.contains($0.path) }
    return rest
  }

  /// The listing with each file counted once, even if it has several names, by links or by spellings in a list.
  /// Otherwise a file might be used for both training and validation.
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
  /// The path relative to the folder, or as given in the list: the name in messages, by which pictures are held out,
  /// too.
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
