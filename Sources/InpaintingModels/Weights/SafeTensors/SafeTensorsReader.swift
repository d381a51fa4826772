import Glibc
import Support
package import Tensors

/// A reader of safetensors files, which reads tensors one by one, on demand.
///
/// The header is validated when the file is opened. The data is read with `pread` and not mapped, because truncating a
/// mapped file kills the process.
package final class SafeTensorsReader {
  package let path: String
  /// The tensors, in the order of the header.
  package let entries: [SafeTensorsEntry]
  /// The entries of `__metadata__`, in the order of the header.
  package let metadata: [(key: String, value: String)]

  private let file: OpenFile
  private let indices: [ByteString: Int]

  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` if the file is damaged or of another
  ///   format.
  package init(path: String) throws {
    self.path = path
    let file = try OpenFile(path, flags: O_RDONLY, action: "read it")
    self.file = file
    let size = try file.size()
    guard size >= 8 else {
      throw Failure(.data, "\(path): expected a safetensors file, found \(size) bytes")
    }
    var prefix: UInt64 = 0
    try withUnsafeMutableBytes(of: &prefix) { try file.read(into: $0, at: 0) }
    let headerSize = UInt64(littleEndian: prefix)
    guard headerSize <= SafeTensorsHeader.limit, headerSize <= size - 8 else {
      let most = min(SafeTensorsHeader.limit, size - 8)
      throw Failure(
        .data,
        "\(path): expected a header of at most \(most) bytes, found \(headerSize); it is cut short or no "
          + "safetensors file")
    }
    var json = [UInt8](repeating: 0, count: Int(headerSize))
    try json.withUnsafeMutableBytes { try file.read(into: $0, at: 8) }
    let header = try SafeTensorsHeader(json: json, data: 8 + json.count..<size, path: path)
    entries = header.entries
    metadata = header.metadata
    var indices: [ByteString: Int] = [:]
    for (index, entry) in entries.enumerated() { indices[ByteString(entry.name)] = index }
    self.indices = indices
  }

  /// The entry of a tensor by name, compared as UTF-8 bytes; nil if there is none.
  package func entry(named name: String) -> SafeTensorsEntry? {
    indices[ByteString(name)].map { entries[$0] }
  }

  /// The metadata's value for a key, compared as UTF-8 bytes; nil if there is none.
  package func metadata(_ key: String) -> String? {
    metadata.first { $0.key.hasSameBytes(as: key) }?.value
  }

  /// Reads a tensor into a buffer, converted to `Scalar`. Half-precision, `BF16` and 32-bit floats are converted
  /// exactly; `F64` and large integers are rounded to a 32-bit `Scalar`.
  ///
  /// - Throws: `Failure` of the kind `data` for 8-bit floats, complex numbers, and a file that has been truncated, or
  ///   `inputOutput`.
  /// - Precondition: `scalars` has the entry's count.
  package func read(_ entry: SafeTensorsEntry, into scalars: UnsafeMutableBufferPointer<Scalar>) throws {
    precondition(
      scalars.count == entry.count, "SafeTensorsReader: \(scalars.count) places for \(entry.count) elements")
    guard entry.type.isReadable else {
      let name = JSONValue(entry.name).excerpt
      throw Failure(.data, "\(path): tensor \(name): expected real numbers, found \(entry.type.rawValue)")
    }
    try file.readScalars(entry.type, at: entry.bytes.lowerBound, into: scalars)
  }

  /// The elements of a tensor, converted as by `read(_:into:)`.
  package func scalars(of entry: SafeTensorsEntry) throws -> [Scalar] {
    try [Scalar](unsafeUninitializedCapacity: entry.count) { buffer, count in
      try read(entry, into: UnsafeMutableBufferPointer(rebasing: buffer[..<entry.count]))
      count = entry.count
    }
  }
}

extension OpenFile {
  /// Fills a buffer with the little-endian elements from the byte `offset` on, converted to `Scalar`.
  ///
  /// - Throws: `Failure` of the kind `data` if the file ends before, or `inputOutput`.
  /// - Precondition: The type is readable.
  func readScalars(_ type: SafeTensorsType, at offset: Int, into scalars: UnsafeMutableBufferPointer<Scalar>) throws {
    if type == .scalar, Int(littleEndian: 1) == 1 {
      return try read(into: UnsafeMutableRawBufferPointer(scalars), at: offset)
    }
    // Converts in chunks that fit in the cache, so that a large tensor is not in memory twice.
    let piece = 1 << 16
    var buffer = [UInt8](repeating: 0, count: min(piece, scalars.count) * type.size)
    for start in stride(from: 0, to: scalars.count, by: piece) {
      let target = UnsafeMutableBufferPointer(rebasing: scalars[start..<min(start + piece, scalars.count)])
      try buffer.withUnsafeMutableBytes { buffer in
        let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(target.count * type.size)])
        try read(into: bytes, at: offset + start * type.size)
        type.convert(UnsafeRawBufferPointer(bytes), to: target)
      }
    }
  }
}

extension SafeTensorsReader {
  /// Reads all tensors of a file that this package wrote, and verifies the checksum in its metadata.
  ///
  /// - Parameter body: Receives the tensors, before the checksum is known: discard their effects if an error is thrown.
  /// - Throws: `Failure` of the kind `data` if the checksum does not match.
  package func verify(_ body: (_ name: String, Tensor) -> Void = { _, _ in }) throws {
    var checksum = Checksum()
    for entry in entries {
      let tensor = try Tensor(shape: entry.shape) { try read(entry, into: $0) }
      if entry.type == .scalar { tensor.withElements { checksum.add($0) } }
      body(entry.name, tensor)
    }
    // The checksum is over the file's bytes, which conversion from another precision changes.
    let isOwnPrecision = entries.allSatisfy { $0.type == .scalar }
    guard !isOwnPrecision || metadata("checksum") == checksum.text else {
      throw Failure(
        .data,
        "\(path): expected contents with the checksum that its metadata gives, found others; the file is damaged.")
    }
  }
}
