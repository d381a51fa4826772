import Foundation
import Support

/// A file's bytes, read from the start and only as far as somebody asked.
///
/// Files are read rather than mapped: a mapped file that is cut short by another program kills the process.
struct PictureFile: ~Copyable {
  let path: String
  private(set) var bytes: [UInt8] = []
  /// True once `bytes` are known to be the whole file.
  private(set) var isComplete = false
  private let descriptor: Int32

  /// The most bytes that are asked for at once.
  private static let step = 1 << 20
  /// Enough for nearly every header, with its EXIF data.
  static let usualHeaderLength = 1 << 16
  /// No picture of so many millions of pixels needs more: four channels of 16 bits, and metadata.
  static func largestFile(maxMegapixels: Int) -> Int {
    let (pixels, overflow) = maxMegapixels.multipliedReportingOverflow(by: 8_000_000)
    return overflow ? .max / 2 : max(1 << 30, pixels)
  }

  /// - Throws: `Failure` of kind `missingInput` or `inputOutput`.
  init(path: String) throws {
    self.path = path
    // The system would see the part before a zero byte only.
    guard !path.utf8.contains(0) else {
      throw Failure(.missingInput, "\(path): no such file, as its name contains a zero byte; correct the name")
    }
    var descriptor: Int32
    repeat {
      descriptor = path.withPathBytes { open($0, O_RDONLY | O_CLOEXEC) }
    } while descriptor < 0 && errno == EINTR
    if descriptor < 0 { throw Self.failure(path: path, code: errno) }
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// Reads on until there are `count` bytes or the file ends.
  ///
  /// - Throws: `Failure` of kind `inputOutput`.
  mutating func read(upTo count: Int) throws {
    while bytes.count < count && !isComplete {
      let start = bytes.count
      let wanted = min(count - start, Self.step)
      bytes.append(contentsOf: repeatElement(0, count: wanted))
      let received = bytes.withUnsafeMutableBytes {
        Foundation.read(descriptor, $0.baseAddress! + start, wanted)
      }
      let code = errno
      bytes.removeLast(wanted - max(received, 0))
      if received < 0 && code != EINTR { throw Self.failure(path: path, code: code) }
      isComplete = received == 0
    }
  }

  /// Reads the rest.
  ///
  /// - Throws: `Failure` of kind `inputOutput`, or `data` if the file is larger than `largestFile(maxMegapixels:)`.
  mutating func readToEnd(maxMegapixels: Int = PictureHeader.usualMegapixels) throws {
    let largestFile = Self.largestFile(maxMegapixels: maxMegapixels)
    var status = stat()
    if fstat(descriptor, &status) == 0 {
      // Room for the bytes that tell of the end.
      bytes.reserveCapacity(min(max(Int(status.st_size), 0), largestFile) + Self.step)
    }
    try read(upTo: largestFile + 1)
    if bytes.count > largestFile {
      throw Failure(
        .data,
        "\(path): expected a picture file of at most \(largestFile >> 20) MiB, found a larger one; leave it out")
    }
  }

  /// The sentence for an error code of the system.
  private static func failure(path: String, code: Int32) -> Failure {
    code == ENOENT || code == ENOTDIR
      ? Failure(.missingInput, "\(path): there is no such file; check the path")
      : Failure(
        .inputOutput, "\(path): the file cannot be read (\(String(cString: strerror(code)))); check its permissions")
  }
}
