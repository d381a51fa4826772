/// The receiver of an encoder's bytes, which come piece by piece: files as large as a picture are never in memory.
final class EncodedBytes {
  private let write: (UnsafeRawBufferPointer) throws -> Void
  /// The error that ended writing, which C cannot throw.
  private var failure: (any Error)?

  init(_ write: @escaping (UnsafeRawBufferPointer) throws -> Void) {
    self.write = write
  }

  /// Takes the next bytes.
  ///
  /// - Returns: False if they cannot be taken, and the encoder should give up.
  func take(_ start: UnsafeRawPointer?, count: Int) -> Bool {
    guard failure == nil else { return false }
    do {
      try write(UnsafeRawBufferPointer(start: start, count: count))
      return true
    } catch {
      failure = error
      return false
    }
  }

  /// - Throws: What writing has thrown.
  func throwFailure() throws {
    if let failure { throw failure }
  }

  /// The pointer that C hands back; the object must outlive it.
  var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// The object behind a pointer.
  static func at(_ context: UnsafeMutableRawPointer?) -> EncodedBytes? {
    context.map { Unmanaged<EncodedBytes>.fromOpaque($0).takeUnretainedValue() }
  }

  /// All bytes of a file.
  static func collected(_ encode: (EncodedBytes) throws -> Void) throws -> [UInt8] {
    final class Collection { var bytes: [UInt8] = [] }
    let collection = Collection()
    try encode(EncodedBytes { collection.bytes.append(contentsOf: $0) })
    return collection.bytes
  }
}
