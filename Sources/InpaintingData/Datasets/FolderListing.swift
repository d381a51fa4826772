import Foundation
import Support

/// The pictures in a folder and the folders in it, ordered by the bytes of their relative paths.
struct FolderListing {
  /// What was found, in order.
  private(set) var pictures: [ListedPicture] = []
  /// What tells pictures from other files, and counts those of other kinds.
  private(set) var recognition = PictureRecognition()
  /// Folders that were looked into: through symbolic links there may be several ways to one, or no end of ways.
  private var visited: Set<FileStatus.Identity> = []

  /// - Throws: `Failure` of kind `missingInput` if there is no such folder, `data` if there are no pictures in it,
  ///   `inputOutput` if a folder cannot be read.
  init(_ folder: String) throws {
    guard let status = FileStatus(ofPath: folder), status.kind == .folder else {
      throw Failure(.missingInput, "There is no folder \(folder): expected one with pictures in it.")
    }
    visited.insert(status.identity)
    try look(into: folder, name: "")
    if pictures.isEmpty {
      let found = recognition.counts.map { ", found \($0); convert them" } ?? ""
      throw Failure(
        .data, "\(folder): there are no pictures in it or in the folders in it: expected JPEG, PNG or WebP\(found).")
    }
    pictures.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Adds the pictures of a folder and of those in it.
  ///
  /// - Parameter name: The folder's path relative to where the search began; empty there.
  private mutating func look(into folder: String, name: String) throws {
    // The order decides by which of several ways a folder is entered.
    for entry in try FolderListing.entries(of: folder) where !entry.hasPrefix(".") {
      let path = folder + "/" + entry
      let relative = name.isEmpty ? entry : name + "/" + entry
      let status = FileStatus(ofPath: path)
      // A link that leads nowhere is kept if its name is a picture's: who reads it will say so by name.
      let isPicture =
        switch status?.kind {
        case .file: recognition.isPicture(name: entry, path: path)
        case nil: PictureRecognition.promisesPicture(entry)
        case .folder, .other: false
        }
      if isPicture { pictures.append(ListedPicture(name: relative, path: path)) }
      guard let status, status.kind == .folder else { continue }
      if visited.insert(status.identity).inserted { try look(into: path, name: relative) }
    }
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
