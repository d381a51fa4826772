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

/// Paths and names of files as strings, whatever their bytes: old disks and archives have names that are no UTF-8.
///
/// A byte that belongs to no UTF-8 is carried as a private scalar, U+10F700 and the byte, as Python does with halves of
/// surrogate pairs, which strings here cannot hold. The bytes of those 128 scalars themselves are carried the same way, so
/// that each sequence of bytes has one string of its own. System calls get the bytes back, and people see `\xE9`.
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
        // Below 0x80 nothing is ever out of place.
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

  /// The bytes that the system knows a path or a name by.
  package var pathBytes: [UInt8] {
    guard carriesBytes else { return Array(utf8) }
    return unicodeScalars.flatMap { scalar in scalar.carriedByte.map { [$0] } ?? Array(String(scalar).utf8) }
  }

  /// The text for people to read, in which bytes of paths that are no UTF-8 are written as `\xE9`.
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

  /// Calls `body` with the path's bytes and a zero behind them.
  package func withPathBytes<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    guard carriesBytes else { return try withCString(body) }
    return try (pathBytes + [0]).withUnsafeBytes { bytes in
      try bytes.withMemoryRebound(to: CChar.self) { try body($0.baseAddress!) }
    }
  }

  private var carriesBytes: Bool {
    // The first byte of a carrier, which hardly any other character has.
    utf8.contains(0xF4) && unicodeScalars.contains { $0.carriedByte != nil }
  }
}

extension Unicode.Scalar {
  /// The byte that the scalar stands for.
  fileprivate var carriedByte: UInt8? { (0x10F780...0x10F7FF).contains(value) ? UInt8(value & 0xFF) : nil }
}
