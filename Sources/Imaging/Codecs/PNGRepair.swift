/// A PNG file that the library can read though it holds an EXIF chunk without contents, which libspng 0.7.3 takes for one
/// that is too long and gives up on.
final class PNGRepair {
  /// The file, or a copy without those chunks.
  let bytes: UnsafeBufferPointer<UInt8>
  private let copy: UnsafeMutableBufferPointer<UInt8>?

  /// - Parameter original: Must outlive the repaired file.
  init(_ original: UnsafeBufferPointer<UInt8>) {
    let chunks = PNGChunks(original).filter { $0.name == "eXIf" && $0.contents.isEmpty }
    guard !chunks.isEmpty else {
      (bytes, copy) = (original, nil)
      return
    }
    var file = [UInt8](original)
    for chunk in chunks.reversed() { file.removeSubrange(chunk.range) }
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: file.count)
    _ = copy.initialize(from: file)
    (bytes, self.copy) = (UnsafeBufferPointer(copy), copy)
  }

  deinit {
    copy?.deallocate()
  }
}
