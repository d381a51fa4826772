import Glibc

/// Reads whole files and lists folders.
package enum FileReader {
  /// The bytes of the file (or pipe).
  ///
  /// - Parameter limit: The maximum number of bytes.
  /// - Throws: `Failure` of the kind `missingInput` if there is none, `data` if it has more than `limit` bytes,
  ///   `inputOutput` if it cannot be read.
  package static func read(_ path: String, limit: Int = .max) throws -> [UInt8] {
    let file = try OpenFile(path, flags: O_RDONLY, action: "read it")
    var bytes: [UInt8] = []
    // The size is queried first, where there is one, so that a large file is read in one piece.
    var status = stat()
    guard fstat(file.descriptor, &status) == 0 else { throw Failure.system("read it", path) }
    var room = min(max(Int(status.st_size), 1 << 16), limit)
    while true {
      let tooMany = bytes.count > limit
      guard !tooMany else {
        throw Failure(.data, "\(path): expected at most \(limit) bytes, found more")
      }
      // One byte more than expected, to see the end or the excess.
      let count = try append(room + 1, from: file, to: &bytes)
      if count == 0 { return bytes }
      room = min(1 << 20, max(0, limit - bytes.count))
    }
  }

  /// The length of a file in bytes; 0 if there is none.
  package static func size(of path: String) -> Int {
    var status = stat()
    return path.withPathBytes({ stat($0, &status) }) == 0 ? Int(status.st_size) : 0
  }

  /// The first bytes of a file, fewer if it is short.
  ///
  /// - Throws: As `read(_:limit:)`.
  package static func start(of path: String, count: Int) throws -> [UInt8] {
    let file = try OpenFile(path, flags: O_RDONLY | O_NONBLOCK, action: "read it")
    var bytes: [UInt8] = []
    while bytes.count < count, try append(count - bytes.count, from: file, to: &bytes) > 0 {}
    return bytes
  }

  /// The names in a folder except `.` and `..`, sorted by their bytes.
  ///
  /// - Throws: `Failure` of the kind `missingInput` if there is none, `inputOutput` if it cannot be read.
  package static func names(in folder: String) throws -> [String] {
    try Failure.refuse(path: folder, "read it")
    guard let listing = folder.withPathBytes({ opendir($0) }) else {
      throw Failure.system("read it", folder, kind: errno == ENOENT ? .missingInput : .inputOutput)
    }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(pathBytes: bytes.prefix { $0 != 0 })
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Appends up to `room` bytes, and returns their number.
  private static func append(_ room: Int, from file: OpenFile, to bytes: inout [UInt8]) throws -> Int {
    let chunk = try [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      let target = UnsafeMutableRawBufferPointer(buffer)
      let result = uninterrupted { Glibc.read(file.descriptor, target.baseAddress, room) }
      guard result >= 0 else { throw Failure.system("read it", file.path) }
      count = result
    }
    if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
    return chunk.count
  }
}
