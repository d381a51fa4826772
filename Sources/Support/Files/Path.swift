import Foundation

/// Paths, and what they lead to.
package enum Path {
  /// True if there is something, links followed.
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return path.withPathBytes({ stat($0, &status) }) == 0
  }

  /// True if there is something, be it a link that leads nowhere.
  package static func existsUnfollowed(_ path: String) -> Bool {
    var status = stat()
    return path.withPathBytes({ lstat($0, &status) }) == 0
  }

  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return path.withPathBytes({ stat($0, &status) }) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The path without links and detours; nil if there is no such thing.
  package static func resolved(_ path: String) -> String? {
    guard let pointer = path.withPathBytes({ realpath($0, nil) }) else { return nil }
    defer { free(pointer) }
    return String(pathBytes: UnsafeRawBufferPointer(start: pointer, count: strlen(pointer)))
  }

  /// The place at which writing to the path would put a file: that which its links lead to, or else its folder without
  /// links and detours, and its own name. Nil if there is no such folder.
  package static func place(of path: String) -> String? {
    guard let path = try? destination(of: path) else { return nil }
    let folder = (path as NSString).deletingLastPathComponent
    return resolved(folder.isEmpty ? "." : folder).map { $0 + "/" + (path as NSString).lastPathComponent }
  }

  /// True if a path lies in a folder, or in a folder in it.
  package static func isInside(_ path: String, folder: String) -> Bool {
    guard let path = resolved(path), let folder = resolved(folder) else { return false }
    return path.hasPrefix(folder == "/" ? "/" : folder + "/")
  }

  /// The folder that `path` is in.
  package static func parent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path that the symbolic links at `path` lead to, be there a file or none.
  package static func destination(of path: String) throws -> String {
    try Failure.refuse(path: path, "write")
    var destination = path
    // As many as the system follows.
    for _ in 0...40 {
      guard let target = linkTarget(at: destination) else { return destination }
      destination = target.hasPrefix("/") ? target : parent(of: destination) + "/" + target
    }
    throw Failure.system("write", path, number: ELOOP)
  }

  /// The path that a symbolic link holds; nil if there is none.
  package static func linkTarget(at path: String) -> String? {
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      count = buffer.withMemoryRebound(to: CChar.self) { buffer in
        max(0, path.withPathBytes { readlink($0, buffer.baseAddress!, buffer.count) })
      }
    }
    return bytes.isEmpty ? nil : String(pathBytes: bytes)
  }
}
