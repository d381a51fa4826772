import Kernels
import Support

extension OpenFile {
  /// Fills the buffer with little-endian elements from `offset` on, turned into scalars.
  ///
  /// - Throws: `Failure` of the kind `data` if the file ends before, or `inputOutput`.
  /// - Precondition: The type is readable.
  func readScalars(_ type: SafeTensorsType, at offset: Int, into scalars: UnsafeMutableBufferPointer<Scalar>) throws {
    if type == .scalar, Int(littleEndian: 1) == 1 {
      return try read(into: UnsafeMutableRawBufferPointer(scalars), at: offset)
    }
    // In pieces that stay in the cache, so that a large tensor is not in memory twice.
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
