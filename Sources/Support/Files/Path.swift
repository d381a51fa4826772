import Glibc

/// Questions about the file or folder that a path leads to.
package enum Path {
  /// True if there is something, links followed.
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return path.withPathBytes({ stat($0, &status) }) == 0
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
}
