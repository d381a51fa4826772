import Glibc
import Support

/// The central directory of a zip archive. Only uncompressed members can be read; PyTorch writes no others.
///
/// The format: PKWARE, APPNOTE.TXT, sections 4.3 and 4.5.3 (zip64). Checksums are not verified, as in PyTorch, which
/// can be configured to write none.
struct ZipArchive {
  /// A file in the archive.
  struct Member {
    let name: String
    /// The byte range of the contents in the archive; empty if the member is compressed or encrypted.
    let bytes: Range<Int>
    /// True if the member is neither compressed nor encrypted.
    let isStored: Bool
  }

  /// The maximum size of the directory in bytes, about half a million members.
  static let directoryLimit = 64 << 20

  private(set) var members: [Member] = []
  private let file: OpenFile
  private let size: Int

  /// - Throws: `Failure` of the kind `data` if the file is no valid archive, or `inputOutput`.
  init(_ file: OpenFile) throws {
    self.file = file
    size = try file.size()
    let (range, count) = try directory()
    try readMembers(try bytes(range), count: count, limit: range.lowerBound)
  }

  /// The contents of a member.
  ///
  /// - Throws: `Failure` of the kind `data` if they are more than `limit` bytes, compressed or encrypted.
  func contents(of member: Member, limit: Int) throws -> [UInt8] {
    try checkIsStored(member)
    guard member.bytes.count <= limit else {
      throw failure("expected at most \(limit) bytes in \(JSONValue(member.name).excerpt), found \(member.bytes.count)")
    }
    return try bytes(member.bytes)
  }

  /// Checks that a member can be read.
  ///
  /// - Throws: `Failure` of the kind `data` for a member that is compressed or encrypted.
  func checkIsStored(_ member: Member) throws {
    guard !member.isStored else { return }
    throw failure(
      "expected \(JSONValue(member.name).excerpt) as it is, found it compressed or encrypted, which PyTorch never does; save "
        + "it again with torch.save")
  }

  // MARK: The directory

  /// The byte range of the central directory and its number of members, from the end-of-central-directory record.
  private func directory() throws -> (range: Range<Int>, count: Int) {
    let recordSize = 22
    let tail = try bytes(max(0, size - recordSize - Int(UInt16.max))..<size)
    let places = stride(from: tail.count - recordSize, through: 0, by: -1)
    guard let place = places.first(where: { tail.holds("PK\u{5}\u{6}", at: $0) }) else {
      throw failure("expected the directory of a zip archive at its end; the file is cut short")
    }
    var count = tail.number(2, at: place + 10)
    var length = tail.number(4, at: place + 12)
    var start = tail.number(4, at: place + 16)
    // A zip64 locator before the record leads to a record with 64-bit fields.
    let locator = place - 20
    if locator >= 0, tail.holds("PK\u{6}\u{7}", at: locator) {
      let wide = try slice(at: tail.number(8, at: locator + 8), 56)
      guard wide.holds("PK\u{6}\u{6}", at: 0) else {
        throw failure("expected a zip64 directory where its locator says, found none; the file is damaged")
      }
      count = wide.number(8, at: 32)
      length = wide.number(8, at: 40)
      start = wide.number(8, at: 48)
    }
    guard let start = Int(exactly: start), let length = Int(exactly: length), let count = Int(exactly: count),
      length <= Self.directoryLimit, start <= size, length <= size - start, count <= length / 46
    else { throw failure("expected its directory within the file, found it beyond; the file is damaged or cut short") }
    return (start..<start + length, count)
  }

  private mutating func readMembers(_ directory: [UInt8], count: Int, limit: Int) throws {
    var names: Set<ByteString> = []
    var place = 0
    for _ in 0..<count {
      guard place + 46 <= directory.count, directory.holds("PK\u{1}\u{2}", at: place) else {
        throw failure("expected an entry of its directory, found something else; the file is damaged")
      }
      let nameEnd = place + 46 + Int(directory.number(2, at: place + 28))
      let extraEnd = nameEnd + Int(directory.number(2, at: place + 30))
      let end = extraEnd + Int(directory.number(2, at: place + 32))
      guard end <= directory.count else {
        throw failure("expected an entry of its directory, found something else; the file is damaged")
      }
      let name = String(decoding: directory[place + 46..<nameEnd], as: UTF8.self)
      let isStored = directory.number(2, at: place + 10) == 0 && directory.number(2, at: place + 8) & 1 == 0
      guard names.insert(ByteString(name)).inserted else {
        throw failure("expected each name once, found \(JSONValue(name).excerpt) twice")
      }
      let fields = wideFields(directory, at: place, extra: nameEnd..<extraEnd)
      let bytes = isStored ? try contents(fields, name: name, limit: limit) : 0..<0
      members.append(Member(name: name, bytes: bytes, isStored: isStored))
      place = end
    }
  }

  /// The size of a member and the offset of its local header; values of more than 32 bits are in the zip64 extra field.
  private func wideFields(_ directory: [UInt8], at place: Int, extra: Range<Int>) -> (size: UInt64, header: UInt64) {
    var size = directory.number(4, at: place + 24)
    var header = directory.number(4, at: place + 42)
    var field = extra.lowerBound
    while field + 4 <= extra.upperBound {
      let end = field + 4 + Int(directory.number(2, at: field + 2))
      guard end <= extra.upperBound else { break }
      if directory.number(2, at: field) == 1 {
        var value = field + 4
        func next() -> UInt64? {
          guard value + 8 <= end else { return nil }
          defer { value += 8 }
          return directory.number(8, at: value)
        }
        if size == UInt32.max { size = next() ?? size }
        // The compressed size, which equals the size of an uncompressed member.
        if directory.number(4, at: place + 20) == UInt32.max { _ = next() }
        if header == UInt32.max { header = next() ?? header }
      }
      field = end
    }
    return (size, header)
  }

  /// The byte range of a member's contents, which start after the local header, whose length only it contains.
  private func contents(_ fields: (size: UInt64, header: UInt64), name: String, limit: Int) throws -> Range<Int> {
    let header = try slice(at: fields.header, 30)
    guard header.holds("PK\u{3}\u{4}", at: 0) else {
      throw failure("expected a header of \(JSONValue(name).excerpt), found none")
    }
    let start = Int(fields.header) + 30 + Int(header.number(2, at: 26)) + Int(header.number(2, at: 28))
    guard let count = Int(exactly: fields.size), start <= limit, count <= limit - start else {
      throw failure(
        "expected \(JSONValue(name).excerpt) within the file, found it beyond; the file is damaged or cut short")
    }
    return start..<start + count
  }

  // MARK: Bytes

  private func slice(at start: UInt64, _ count: Int) throws -> [UInt8] {
    guard let start = Int(exactly: start), start <= size, count <= size - start else {
      throw failure(
        "expected what its directory names within the file, found it beyond; the file is damaged or cut short")
    }
    return try bytes(start..<start + count)
  }

  private func bytes(_ range: Range<Int>) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: range.lowerBound) }
    return bytes
  }

  private func failure(_ message: String) -> Failure { Failure(.data, "\(file.path): \(message).") }
}

extension [UInt8] {
  /// A little-endian number of `count` bytes, which must be within the array.
  fileprivate func number(_ count: Int, at place: Int) -> UInt64 {
    self[place..<place + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  fileprivate func holds(_ signature: String, at place: Int) -> Bool {
    self[place...].starts(with: signature.utf8)
  }
}
