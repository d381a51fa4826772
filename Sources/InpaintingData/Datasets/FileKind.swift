import Foundation
import Support

/// The target of a path, symbolic links followed.
enum FileKind {
  case file
  case folder
  case other

  /// Nil if there is nothing.
  init?(ofPath path: String) {
    guard let status = FileStatus(ofPath: path) else { return nil }
    self = status.kind
  }
}

/// A file's kind and identity: two paths with the same identity are the same file.
package struct FileStatus {
  /// The numbers of the device and of the file on it.
  package struct Identity: Hashable {
    let device: UInt64
    let number: UInt64
  }

  /// A file, a folder, or neither.
  let kind: FileKind
  package let identity: Identity

  package init?(ofPath path: String) {
    var status = stat()
    guard path.withPathBytes({ stat($0, &status) }) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    default: kind = .other
    }
    identity = Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(truncatingIfNeeded: status.st_ino))
  }
}

extension Failure {
  /// True if other files may still be fine: this one is damaged, missing, or cannot be read.
  package var isAboutOneFile: Bool { [.data, .missingInput, .inputOutput].contains(kind) }
}
