import Foundation
import Support

/// A file's bytes, read from the start and only as far as needed.
///
/// Files are read rather than mapped: if another program truncates a mapped file, the process is killed.
struct PictureFile: ~Copyable {
  let path: String
  private(set) var bytes: [UInt8] = []
  /// True once `bytes` are known to be the whole file.
  private(set) var isComplete = false
  private let descriptor: Int32

  /// The maximum number of bytes per read.
  private static let step = 1 << 20
  /// The bytes of nearly every header, with its EXIF data.
  static let usualHeaderLength = 1 << 16
  /// The maximum size in bytes of a file with so many megapixels: four channels of 16 bits, at least 1 GiB.
  static func largestFile(maxMegapixels: Int) -> Int {
    let (pixels, overflow) = maxMegapixels.multipliedReportingOverflow(by: 8_000_000)
    return overflow ? .max / 2 : max(1 << 30, pixels)
  }

  /// - Throws: `Failure` of kind `missingInput` or `inputOutput`.
  init(path: String) throws {
    self.path = path
    // The system would truncate the path at a zero byte.
    guard !path.utf8.contains(0) else {
      throw Failure(.missingInput, "\(path): expected a name without zero bytes, found one; correct the name")
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
  mutating func readToEnd(maxMegapixels: Int = PictureHeader.defaultMegapixels) throws {
    let largestFile = Self.largestFile(maxMegapixels: maxMegapixels)
    var status = stat()
    if fstat(descriptor, &status) == 0 {
      // With room for the last read, which finds the end.
      bytes.reserveCapacity(min(max(Int(status.st_size), 0), largestFile) + Self.step)
    }
    try read(upTo: largestFile + 1)
    if bytes.count > largestFile {
      throw Failure(
        .data,
        "\(path): expected a picture file of at most \(largestFile >> 20) MiB, found a larger one; leave it out")
    }
  }

  /// The failure for an error code (`errno`).
  private static func failure(path: String, code: Int32) -> Failure {
    code == ENOENT || code == ENOTDIR
      ? Failure(.missingInput, "\(path): there is no such file; check the path")
      : Failure(
        .inputOutput, "\(path): the file cannot be read (\(String(cString: strerror(code)))); check its permissions")
  }
}

/// The content of a file, guessed from its first bytes; names and extensions are ignored.
package enum FileContent: Equatable, Sendable {
  case picture(PictureFormat)
  /// A kind of file that is not supported.
  case other(Other)

  /// A file that is not a JPEG, PNG or WebP picture.
  package struct Other: Equatable, Sendable {
    /// The name of the format, such as "GIF", if it is a picture format.
    package let pictureKind: String?
    /// A noun phrase to follow "found".
    let description: String
    /// The remedy, as a clause.
    let advice: String

    fileprivate static func picture(_ kind: String) -> Other {
      let article = ["AVIF", "EXR", "HDR", "ICO", "ORF", "RW2", "SVG"].contains(kind) ? "an" : "a"
      return Other(
        pictureKind: kind, description: "\(article) \(kind) picture",
        advice: "convert it to PNG or JPEG, or leave it out")
    }

    fileprivate static func thing(_ description: String, advice: String = "leave it out") -> Other {
      Other(pictureKind: nil, description: description, advice: advice)
    }
  }

  /// The number of bytes that identify every picture format.
  package static let recognizedLength = 32
  /// The number of bytes that are examined to tell text from binary data.
  private static let examinedLength = 512

  /// - Parameter bytes: The file's first bytes; all of a short file.
  package init(of bytes: [UInt8]) {
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .picture(.jpeg)
    } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .picture(.png)
    } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
      self = .picture(.webp)
    } else {
      self = .other(Self.other(bytes))
    }
  }

  /// File signatures at their offsets, in the order in which they are tried.
  private static let signatures: [(offset: Int, bytes: String, content: Other)] = [
    (0, "GIF8", .picture("GIF")),
    (0, "BM", .picture("BMP")),
    (0, "II*\0", .picture("TIFF")),
    (0, "MM\0*", .picture("TIFF")),
    (0, "II+\0", .picture("TIFF")),
    (0, "MM\0+", .picture("TIFF")),
    (4, "ftyphei", .picture("HEIC")),
    (4, "ftyphev", .picture("HEIC")),
    (4, "ftypmif1", .picture("HEIC")),
    (4, "ftypmsf1", .picture("HEIC")),
    (4, "ftypavi", .picture("AVIF")),
    (4, "ftypcrx", .picture("CR3")),
    (4, "ftyp", .thing("a film")),
    (4, "JXL ", .picture("JPEG XL")),
    (4, "jP  ", .picture("JPEG 2000")),
    (0, "8BPS", .picture("PSD")),
    (0, "qoif", .picture("QOI")),
    (0, "\0\0\u{1}\0", .picture("ICO")),
    (0, "DDS ", .picture("DDS")),
    (0, "P1\n", .picture("PBM")),
    (0, "P4\n", .picture("PBM")),
    (0, "P2\n", .picture("PGM")),
    (0, "P5\n", .picture("PGM")),
    (0, "P3\n", .picture("PPM")),
    (0, "P6\n", .picture("PPM")),
    (0, "P7\n", .picture("PAM")),
    (0, "FUJIFILMCCD-RAW", .picture("RAF")),
    (0, "IIRO", .picture("ORF")),
    (0, "IIU\0", .picture("RW2")),
    (0, "v/1\u{1}", .picture("EXR")),
    (0, "#?RADIANCE", .picture("HDR")),
    (0, "%PDF", .thing("a PDF document")),
    (0, "PK\u{3}\u{4}", .thing("a ZIP archive", advice: "unpack it, or leave it out")),
    (0, "version https://git-lfs", .thing("a Git LFS pointer", advice: "fetch the picture with \"git lfs pull\"")),
  ]

  private static func other(_ bytes: [UInt8]) -> Other {
    if bytes.isEmpty { return .thing("an empty file", advice: "copy the picture again, or leave it out") }
    for signature in signatures where bytes.dropFirst(signature.offset).starts(with: signature.bytes.utf8) {
      return signature.content
    }
    if bytes.starts(with: [0xFF, 0x0A]) { return .picture("JPEG XL") }
    let start = bytes.prefix(examinedLength)
    if start.allSatisfy({ $0 == 0 }) {
      return .thing("nothing but zeros", advice: "copy the picture again, or leave it out")
    }
    guard start.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }) else {
      return .thing("an unknown format", advice: "convert it to PNG or JPEG, or leave it out")
    }
    let text = String(decoding: start, as: UTF8.self).lowercased()
    if text.contains("<!doctype html") || text.contains("<html") {
      return .thing("a web page", advice: "download the picture again, or leave it out")
    }
    if text.contains("<svg") { return .picture("SVG") }
    return .thing("text", advice: "leave it out")
  }
}
