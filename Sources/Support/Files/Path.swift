import Foundation

/// Queries about paths.
package enum Path {
  /// True if the path exists; links are followed.
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return path.withPathBytes({ stat($0, &status) }) == 0
  }

  /// True if the path exists, even as a dangling link.
  package static func existsUnfollowed(_ path: String) -> Bool {
    var status = stat()
    return path.withPathBytes({ lstat($0, &status) }) == 0
  }

  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return path.withPathBytes({ stat($0, &status) }) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The canonical path (`realpath`); nil if it does not exist.
  package static func resolved(_ path: String) -> String? {
    guard let pointer = path.withPathBytes({ realpath($0, nil) }) else { return nil }
    defer { free(pointer) }
    return String(pathBytes: UnsafeRawBufferPointer(start: pointer, count: strlen(pointer)))
  }

  /// The canonical path of the file that writing to the path would create or replace: links are followed, and the
  /// folder is resolved. Nil if there is no such folder.
  package static func place(of path: String) -> String? {
    guard let path = try? destination(of: path) else { return nil }
    let folder = (path as NSString).deletingLastPathComponent
    return resolved(folder.isEmpty ? "." : folder).map { $0 + "/" + (path as NSString).lastPathComponent }
  }

  /// True if a path lies in a folder or one of its subfolders.
  package static func isInside(_ path: String, folder: String) -> Bool {
    guard let path = resolved(path), let folder = resolved(folder) else { return false }
    return path.hasPrefix(folder == "/" ? "/" : folder + "/")
  }

  /// The folder that `path` is in.
  package static func parent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path that the symbolic links at `path` lead to, even if there is no file.
  package static func destination(of path: String) throws -> String {
    try Failure.refuse(path: path, "write it")
    var destination = path
    // The system has the same limit.
    for _ in 0...40 {
      guard let target = linkTarget(at: destination) else { return destination }
      destination = target.hasPrefix("/") ? target : parent(of: destination) + "/" + target
    }
    throw Failure.system("write it", path, number: ELOOP)
  }

  /// The target of a symbolic link; nil if the path is not one.
  package static func linkTarget(at path: String) -> String? {
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      count = buffer.withMemoryRebound(to: CChar.self) { buffer in
        max(0, path.withPathBytes { readlink($0, buffer.baseAddress!, buffer.count) })
      }
    }
    return bytes.isEmpty ? nil : String(pathBytes: bytes)
  }
}

/// Paths and file names as strings, whatever their bytes: old disks and archives have names that are not UTF-8.
///
/// An invalid byte is encoded as a private-use scalar, U+10F700 plus the byte, like Python's `surrogateescape`; strings
/// in Swift cannot hold lone surrogates. The bytes of those 128 scalars themselves are encoded the same way, so that
/// different byte sequences are different strings. System calls get the original bytes, and messages show `\xE9`.
extension String {
  private static let firstCarrier: UInt32 = 0x10F700

  /// The path or the name with these bytes.
  package init(pathBytes bytes: some Collection<UInt8>) {
    if let text = String(validating: bytes, as: UTF8.self), !text.carriesBytes {
      self = text
      return
    }
    let bytes = Array(bytes)
    var scalars = String.UnicodeScalarView()
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var position = 0
    func carry(_ count: Int) {
      for byte in bytes[position..<position + count] {
        // Bytes below 0x80 are always valid.
        if let carrier = Unicode.Scalar(String.firstCarrier + UInt32(byte)) { scalars.append(carrier) }
      }
      position += count
    }
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        let scalar = Unicode.UTF8.decode(encoded)
        if scalar.carriedByte == nil {
          scalars.append(scalar)
          position += encoded.count
        } else {
          carry(encoded.count)
        }
      case .error(let length): carry(length)
      case .emptyInput:
        self = String(scalars)
        return
      }
    }
  }

  /// The bytes of a path or a name in the file system.
  package var pathBytes: [UInt8] {
    guard carriesBytes else { return Array(utf8) }
    return unicodeScalars.flatMap { scalar in scalar.carriedByte.map { [$0] } ?? Array(String(scalar).utf8) }
  }

  /// The text for display, in which bytes of paths that are not UTF-8 are written as `\xE9`.
  package var showingPathBytes: String {
    guard carriesBytes else { return self }
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if let byte = scalar.carriedByte {
        text.append(contentsOf: ("\\x" + String(byte, radix: 16, uppercase: true)).unicodeScalars)
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }

  /// Calls `body` with the path's bytes as a NUL-terminated string.
  package func withPathBytes<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    guard carriesBytes else { return try withCString(body) }
    return try (pathBytes + [0]).withUnsafeBytes { bytes in
      try bytes.withMemoryRebound(to: CChar.self) { try body($0.baseAddress!) }
    }
  }

  private var carriesBytes: Bool {
    // 0xF4 begins every carrier and hardly any other character: a quick test first.
    utf8.contains(0xF4) && unicodeScalars.contains { $0.carriedByte != nil }
  }
}

extension Unicode.Scalar {
  /// The byte that the scalar stands for.
  fileprivate var carriedByte: UInt8? { (0x10F780...0x10F7FF).contains(value) ? UInt8(value & 0xFF) : nil }
}
