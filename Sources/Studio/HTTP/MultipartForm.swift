/// A multipart form (RFC 7578): fields with a name and bytes.
struct MultipartForm {
  /// The maximum number of fields.
  private static let largestCount = 32

  private let fields: [(name: String, bytes: ArraySlice<UInt8>)]

  /// - Parameter type: The value of `Content-Type`.
  /// - Throws: `HTTPError` with the status 415 for another type, 400 for a form that is damaged.
  init(_ body: [UInt8], type: String?) throws {
    guard let type, let boundary = Self.boundary(in: type) else {
      throw HTTPError(415, "The form: expected multipart/form-data with a boundary, found another type.")
    }
    let delimiter = Array("\r\n--\(boundary)".utf8)
    // The first delimiter has no line before it.
    guard body.starts(with: delimiter.dropFirst(2)) else { throw Self.damaged("its first boundary") }
    var position = delimiter.count - 2
    var fields: [(name: String, bytes: ArraySlice<UInt8>)] = []
    while !body[position...].starts(with: [45, 45]) {
      guard body[position...].starts(with: [13, 10]) else { throw Self.damaged("a line after a boundary") }
      position += 2
      // A part without header fields begins with an empty line.
      guard let headEnd = body.firstIndex(of: [13, 10, 13, 10], from: position), headEnd - position <= 4096 else {
        throw Self.damaged("header fields of a part")
      }
      let name = try Self.name(inHead: body[position..<headEnd])
      let start = headEnd + 4
      guard let end = body.firstIndex(of: delimiter, from: start) else { throw Self.damaged("its last boundary") }
      guard !fields.contains(where: { $0.name == name }) else {
        throw HTTPError(400, "The form: expected the field \(name) once, found it twice.")
      }
      fields.append((name, body[start..<end]))
      guard fields.count <= Self.largestCount else {
        throw HTTPError(400, "The form: expected at most \(Self.largestCount) fields, found more.")
      }
      position = end + delimiter.count
    }
    self.fields = fields
  }

  var names: [String] { fields.map(\.name) }

  func bytes(_ name: String) -> [UInt8]? { fields.first { $0.name == name }.map { Array($0.bytes) } }

  /// - Throws: `HTTPError` with the status 400 if it is not text, or too long.
  func text(_ name: String) throws -> String? {
    guard let bytes = fields.first(where: { $0.name == name })?.bytes else { return nil }
    guard bytes.count <= 1024, let text = String(validating: bytes, as: UTF8.self) else {
      throw HTTPError(400, "The form, \(name): expected a short text, found something else.")
    }
    return text
  }

  private static func damaged(_ part: String) -> HTTPError {
    HTTPError(400, "The form: expected \(part), found something else; it may have been cut short.")
  }

  private static func boundary(in type: String) -> String? {
    let parts = type.split(separator: ";").map { $0.trimmed }
    guard parts.first?.lowercased() == "multipart/form-data",
      let parameter = parts.first(where: { $0.lowercased().hasPrefix("boundary=") })
    else { return nil }
    var boundary = parameter.dropFirst("boundary=".count)
    if boundary.hasPrefix("\"") && boundary.hasSuffix("\"") && boundary.count > 1 {
      boundary = boundary.dropFirst().dropLast()
    }
    return (1...70).contains(boundary.utf8.count) ? String(boundary) : nil
  }

  private static func name(inHead head: ArraySlice<UInt8>) throws -> String {
    for line in String(decoding: head, as: UTF8.self).split(separator: "\r\n") {
      let halves = line.split(separator: ":", maxSplits: 1)
      guard halves.count == 2, halves[0].lowercased() == "content-disposition" else { continue }
      for parameter in halves[1].split(separator: ";").dropFirst() where parameter.trimmed.hasPrefix("name=\"") {
        let name = parameter.trimmed.dropFirst(6).dropLast()
        if (1...64).contains(name.utf8.count) { return String(name) }
      }
    }
    throw damaged("a name of each field")
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    let start = drop { $0 == " " || $0 == "\t" }
    let end = start.lastIndex { $0 != " " && $0 != "\t" }.map(start.index(after:)) ?? start.startIndex
    return start[..<end]
  }
}

extension [UInt8] {
  /// The index of the first occurrence of a pattern, which begins with CR, at or after an index.
  fileprivate func firstIndex(of pattern: [UInt8], from start: Int) -> Int? {
    withUnsafeBufferPointer { bytes in
      guard bytes.count >= pattern.count else { return nil }
      var index = start
      let last = bytes.count - pattern.count
      while index <= last {
        if bytes[index] == pattern[0] {
          var length = 1
          while length < pattern.count && bytes[index + length] == pattern[length] { length += 1 }
          if length == pattern.count { return index }
        }
        index += 1
      }
      return nil
    }
  }
}
