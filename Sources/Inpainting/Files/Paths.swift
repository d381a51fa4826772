import Foundation
import Support

/// What the command needs to know of paths.
enum Paths {
  static func isFolder(_ path: String) -> Bool {
    Path.isFolder(path)
  }

  /// Whether there is something, be it a link that leads nowhere.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return path.withPathBytes { lstat($0, &status) } == 0
  }

  /// The path without links and detours; nil if there is no such thing.
  static func resolved(_ path: String) -> String? {
    Path.resolved(path)
  }

  /// The place at which writing to the path would put a file: that which its links lead to, or else its folder without
  /// links and detours, and its own name. Nil if there is no such folder.
  static func place(of path: String) -> String? {
    guard let path = try? FileWriter.destination(of: path) else { return nil }
    let folder = (path as NSString).deletingLastPathComponent
    return resolved(folder.isEmpty ? "." : folder).map { $0 + "/" + (path as NSString).lastPathComponent }
  }

  /// Whether a path lies in a folder, or in a folder in it.
  static func isInside(_ path: String, folder: String) -> Bool {
    guard let path = resolved(path), let folder = resolved(folder) else { return false }
    return path.hasPrefix(folder == "/" ? "/" : folder + "/")
  }
}
