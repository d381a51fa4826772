import Foundation
import Imaging
import Support

/// The pictures in a folder and the folders in it, ordered by the bytes of their relative paths.
struct FolderListing {
  /// In lower case; files may have them in any.
  static let extensions = PictureFormat.allCases.flatMap(\.fileExtensions)

  /// What was found, in order, and the folders that could not be read.
  private(set) var listing = PictureListing()
  /// Gives the names in a folder.
  private let entries: (_ folder: String) throws -> [String]
  /// Folders that were looked into: through symbolic links there may be several ways to one, or no end of ways.
  private var visited: Set<FileStatus.Identity> = []

  /// Lists a folder. Folders in it that cannot be read, such as `lost+found` of a disk, are left out with a remark.
  ///
  /// - Parameter entries: Gives the names in a folder, by their bytes, or throws that it cannot be read.
  /// - Throws: `Failure` of kind `missingInput` if there is no such folder, `data` if there are no pictures in it,
  ///   `inputOutput` if it cannot be read.
  init(_ folder: String, entries: @escaping (_ folder: String) throws -> [String] = Self.entries(of:)) throws {
    self.entries = entries
    guard let status = FileStatus(ofPath: folder), status.kind == .folder else {
      throw Failure(.missingInput, "There is no folder \(folder): expected one with pictures in it.")
    }
    visited.insert(status.identity)
    try look(into: folder, names: entries(folder), name: "")
    if listing.pictures.isEmpty {
      let known = FolderListing.extensions.map { "." + $0 }.joined(separator: ", ")
      throw Failure(
        .data,
        "There are no pictures in \(folder) or the folders in it: looked for files that end in \(known)."
          + listing.remarks.map { " " + $0 }.joined())
    }
    listing.pictures.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Adds the pictures of a folder and of those in it.
  ///
  /// - Parameters:
  ///   - names: What is in the folder. The order decides by which of several ways a folder in it is entered.
  ///   - name: The folder's path relative to where the search began; empty there.
  private mutating func look(into folder: String, names: [String], name: String) {
    for entry in names where !entry.hasPrefix(".") {
      let path = folder + "/" + entry
      let relative = name.isEmpty ? entry : name + "/" + entry
      if isPicture(entry) {
        // A link that leads nowhere is kept: who reads it will say so by name.
        if FileKind(ofPath: path) ?? .file == .file {
          listing.pictures.append(ListedPicture(name: relative, path: path))
          continue
        }
      }
      guard let status = FileStatus(ofPath: path), status.kind == .folder else { continue }
      guard visited.insert(status.identity).inserted else { continue }
      do {
        look(into: path, names: try entries(path), name: relative)
      } catch {
        listing.remarks.append("The folder \(path) cannot be read and is left out.")
      }
    }
  }

  private func isPicture(_ entry: String) -> Bool {
    guard let dot = entry.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
    return FolderListing.extensions.contains(entry[entry.index(after: dot)...].lowercased())
  }

  /// The names in a folder, by their bytes.
  private static func entries(of folder: String) throws -> [String] {
    do {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    } catch {
      throw Failure(.inputOutput, "The folder \(folder) cannot be read: check its permissions.")
    }
  }
}
