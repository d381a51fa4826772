import Foundation
import Imaging
import Support

/// The recognition of pictures among the files of folders. A picture's extension is trusted until the file is read; for
/// other files the first bytes decide, unless their extension is that of data often found beside pictures.
struct PictureRecognition {
  /// In lower case; case does not matter in files' names.
  static let extensions = Set(PictureFormat.allCases.flatMap(\.fileExtensions))
  /// Extensions of files that are not opened: there may be as many of them as of pictures, on a slow file system.
  private static let otherExtensions: Set<String> = [
    "txt", "flist", "md", "json", "jsonl", "xml", "yaml", "yml", "csv", "tsv", "html", "log", "ini", "cfg", "py", "sh",
    "npy", "npz", "mat", "h5", "pkl", "pt", "pth", "ckpt", "safetensors", "bin", "db", "lmdb", "tfrecord", "parquet",
    "zip", "tar", "gz", "mp4", "mov", "avi", "mkv", "webm", "wav", "mp3", "pdf", "thm", "xmp", "aae",
  ]

  /// The numbers of pictures in unsupported formats, by format.
  private(set) var unreadable: [String: Int] = [:]

  /// True if a regular file is to be read as a picture. Counts pictures in unsupported formats.
  mutating func isPicture(name: String, path: String) -> Bool {
    let ending = Self.ending(of: name)
    if Self.extensions.contains(ending) { return true }
    if Self.otherExtensions.contains(ending) { return false }
    guard let start = try? FileReader.start(of: path, count: FileContent.recognizedLength) else { return false }
    switch FileContent(of: start) {
    case .picture: return true
    case .other(let other):
      if let kind = other.pictureKind { unreadable[kind, default: 0] += 1 }
      return false
    }
  }

  /// True if a name has a picture's extension.
  static func promisesPicture(_ name: String) -> Bool { extensions.contains(ending(of: name)) }

  /// The part after the last dot, in lower case; empty if there is none.
  private static func ending(of name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  /// The pictures that are left out, as in "12 GIF, 1 HEIC"; nil if there are none.
  var counts: String? {
    if unreadable.isEmpty { return nil }
    let ordered = unreadable.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return ordered.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }

  /// A sentence about the pictures that are left out; nil if there are none.
  ///
  /// - Parameter folder: The folder where they were found.
  func remark(folder: String) -> String? {
    counts.map { counts in
      let isOne = unreadable.values.reduce(0, +) == 1
      return
        "\(folder): \(counts) \(isOne ? "picture is" : "pictures are") left out: expected \(PictureFormat.list); "
        + "convert \(isOne ? "it" : "them") to use \(isOne ? "it" : "them")."
    }
  }
}

/// The kind of file at a path; symbolic links are followed.
enum FileKind {
  case file
  case folder
  case other

  /// Nil if the path does not exist.
  init?(ofPath path: String) {
    guard let status = FileStatus(ofPath: path) else { return nil }
    self = status.kind
  }
}

/// A file's kind and identity: two paths with the same identity are the same file.
package struct FileStatus {
  /// The device and inode numbers.
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
  /// True if the failure concerns a single file, which is damaged, missing or unreadable, and other files may be fine.
  package var isAboutOneFile: Bool { [.data, .missingInput, .inputOutput].contains(kind) }
}
