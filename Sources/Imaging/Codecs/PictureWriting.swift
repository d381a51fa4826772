import Support

extension Picture {
  /// Writes the picture with its metadata into a file of the format that the path's extension names: `.jpg`, `.jpeg`,
  /// `.jfif`, `.jpe`, `.png` or `.webp`, in either case. The file is created or replaced atomically.
  ///
  /// - Parameters:
  ///   - path: The folder must exist.
  ///   - quality: 1 (small) to 100, for JPEG and WebP. Nil is 95 for JPEG, and lossless for WebP.
  /// - Throws: `Failure` of kind `usage` if the extension is unknown or missing, the quality is out of range or the
  ///   format has no quality setting; `data` if the format cannot hold a picture of this size; `inputOutput` if the
  ///   file cannot be written.
  public func write(to path: String, quality: Int? = nil) throws {
    let format = try PictureFormat(ofFileName: path)
    try format.check(quality: quality, path: path)
    try FileWriter.writeAtomically(to: path) { stream in
      do {
        try write(in: format, quality: quality, to: EncodedByteSink { try stream.write($0) })
      } catch let failure as Failure where failure.kind != .inputOutput {
        throw failure.at(path)
      }
    }
  }

  /// The bytes of a file with the picture and its metadata.
  ///
  /// - Parameter quality: 1 (small) to 100, for JPEG and WebP. Nil is 95 for JPEG, and lossless for WebP.
  /// - Throws: `Failure` of kind `usage` if the quality is out of range or the format has none, `data` if the format
  ///   cannot hold a picture of this size.
  public func encoded(as format: PictureFormat, quality: Int? = nil) throws -> [UInt8] {
    try format.check(quality: quality, path: "the picture")
    return try EncodedByteSink.collected { try write(in: format, quality: quality, to: $0) }
  }

  private func write(in format: PictureFormat, quality: Int?, to bytes: EncodedByteSink) throws {
    switch format {
    case .jpeg: try writeJPEG(quality: quality ?? Self.defaultJPEGQuality, to: bytes)
    case .png: try writePNG(to: bytes)
    case .webp:
      try webpData(quality: quality).withUnsafeBytes { _ = bytes.take($0.baseAddress, count: $0.count) }
      try bytes.throwFailure()
    }
  }
}

extension PictureFormat {
  /// The format of a file that is to be written, by its extension in upper or lower case.
  ///
  /// - Throws: `Failure` of kind `usage` that lists the extensions, if it is another or there is none.
  package init(ofFileName path: String) throws {
    let name = path.split(separator: "/").last ?? ""
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let found = parts.count > 1 ? String(parts.last ?? "") : ""
    guard let format = Self.allCases.first(where: { $0.fileExtensions.contains(found.lowercased()) }) else {
      let known = Self.allCases.flatMap(\.fileExtensions).map { "." + $0 }
      throw Failure(
        .usage,
        "\(path): expected a picture's name that ends in \(known.dropLast().joined(separator: ", ")) or \(known.last ?? ""), "
          + "found \(found.isEmpty ? "no extension" : "." + found); choose one of these")
    }
    self = format
  }

  /// The extensions in lower case, without the dot; the first is the usual one.
  package var fileExtensions: [String] {
    switch self {
    case .jpeg: ["jpg", "jpeg", "jfif", "jpe"]
    case .png: ["png"]
    case .webp: ["webp"]
    }
  }

  /// True if the format has a lossy quality setting.
  package var hasQuality: Bool { self != .png }

  /// - Throws: `Failure` of kind `usage` unless the format can be written with that quality.
  fileprivate func check(quality: Int?, path: String) throws {
    guard let quality else { return }
    guard hasQuality else {
      throw Failure(
        .usage,
        "\(path): expected no quality, as \(rawValue) is without loss, found \(quality); leave it out or choose another format"
      )
    }
    guard (1...100).contains(quality) else {
      throw Failure(.usage, "\(path): expected a quality of 1 to 100, found \(quality); choose one in between")
    }
  }
}

/// A sink for an encoder's bytes. JPEG and PNG come piece by piece, so that their files are never in memory as a whole;
/// WebP comes at once.
final class EncodedByteSink {
  private let write: (UnsafeRawBufferPointer) throws -> Void
  /// The error of `write`, which cannot be thrown through C.
  private var failure: (any Error)?

  init(_ write: @escaping (UnsafeRawBufferPointer) throws -> Void) {
    self.write = write
  }

  /// Takes the next bytes.
  ///
  /// - Returns: False if writing failed and the encoder should stop.
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

  /// - Throws: The error of `write`.
  func throwFailure() throws {
    if let failure { throw failure }
  }

  /// The context pointer for C callbacks; the object must outlive it.
  var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// The object of a context pointer.
  static func at(_ context: UnsafeMutableRawPointer?) -> EncodedByteSink? {
    context.map { Unmanaged<EncodedByteSink>.fromOpaque($0).takeUnretainedValue() }
  }

  /// The bytes of a whole file that an encoder writes.
  static func collected(_ encode: (EncodedByteSink) throws -> Void) throws -> [UInt8] {
    final class Collection { var bytes: [UInt8] = [] }
    let collection = Collection()
    try encode(EncodedByteSink { collection.bytes.append(contentsOf: $0) })
    return collection.bytes
  }
}
