import Glibc
import Kernels
import Support

/// Reads the tensors of a safetensors file, one by one, on demand.
///
/// The header is checked when the file is opened. The data is read with `pread` rather than mapped, for a mapped file
/// that someone cuts short kills the program.
package final class SafeTensorsReader {
  package let path: String
  /// In the order of the header.
  package let entries: [SafeTensorsEntry]
  /// The entries of `__metadata__`, in its order.
  package let metadata: [(key: String, value: String)]

  private let file: OpenFile
  private let indices: [ByteString: Int]

  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` if the file is damaged or of another
  ///   format.
  package init(path: String) throws {
    self.path = path
    let file = try OpenFile(path, flags: O_RDONLY, action: "read")
    self.file = file
    let size = try file.size()
    guard size >= 8 else {
      throw Failure(.data, "\(path): expected a safetensors file, found only \(size) bytes")
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

  /// The tensor of that name, compared as UTF-8 bytes.
  package func entry(named name: String) -> SafeTensorsEntry? {
    indices[ByteString(name)].map { entries[$0] }
  }

  /// The metadata's value for that key, compared as UTF-8 bytes.
  package func metadata(_ key: String) -> String? {
    metadata.first { $0.key.hasSameBytes(as: key) }?.value
  }

  /// Reads a tensor into memory that is there already, turned into scalars. Half-precision, `BF16` and 32-bit numbers
  /// keep their values; `F64` and large integers are rounded to a 32-bit `Scalar`.
  ///
  /// - Throws: `Failure` of the kind `data` for 8-bit floats and complex numbers and for a file that has become
  ///   shorter, or `inputOutput`.
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

  /// A tensor's elements as scalars, as `read(_:into:)` gives them.
  package func scalars(of entry: SafeTensorsEntry) throws -> [Scalar] {
    try [Scalar](unsafeUninitializedCapacity: entry.count) { buffer, count in
      try read(entry, into: UnsafeMutableBufferPointer(rebasing: buffer[..<entry.count]))
      count = entry.count
    }
  }

  /// A tensor's elements as they lie in the file, little-endian.
  package func bytes(of entry: SafeTensorsEntry) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: entry.bytes.count)
    try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: entry.bytes.lowerBound) }
    return bytes
  }
}
