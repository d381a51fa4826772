import Support

/// One tensor of a safetensors file.
package struct SafeTensorsEntry: Equatable, Sendable {
  package let name: String
  package let type: SafeTensorsType
  /// The sizes, outermost first; empty for a single number.
  package let shape: [Int]
  /// The range of the elements in the file, in bytes from its first one.
  package let bytes: Range<Int>

  /// The number of elements.
  package var count: Int { bytes.count / type.size }
}

/// The header of a safetensors file, checked: the tensors fill the data without holes, overlaps and repeated names.
///
/// The format: https://github.com/huggingface/safetensors, section "Format".
struct SafeTensorsHeader {
  /// The most bytes a header may have.
  static let limit = 100_000_000

  /// In the order of the header.
  var entries: [SafeTensorsEntry] = []
  var metadata: [(key: String, value: String)] = []

  private let path: String

  /// - Parameters:
  ///   - json: The header alone.
  ///   - data: Where the tensors' bytes lie in the file.
  ///   - path: The file, for messages.
  /// - Throws: `Failure` of the kind `data`.
  init(json: [UInt8], data: Range<Int>, path: String) throws {
    self.path = path
    guard json.first == UInt8(ascii: "{") else {
      throw Failure(.data, "\(path): expected the header to begin with `{`; this is no safetensors file")
    }
    let root = try JSONValue(parsing: json, as: .strict, source: "header of \(path)", kind: .data)
    for member in root.members ?? [] {
      if member.key.hasSameBytes(as: "__metadata__") {
        metadata = try readMetadata(member.value)
      } else {
        entries.append(try readEntry(member, data: data))
      }
    }
    try checkCoverage(of: data)
  }

  /// The strings of `__metadata__`; the format allows nothing else there.
  private func readMetadata(_ value: JSONValue) throws -> [(key: String, value: String)] {
    guard let members = value.members else {
      throw failure("`__metadata__`", "expected an object of strings, found \(value.excerpt)")
    }
    return try members.map { member in
      guard case .string(let string) = member.value.content else {
        let key = JSONValue(member.key).excerpt
        throw failure("`__metadata__`", "expected a string for \(key), found \(member.value.excerpt)")
      }
      return (member.key, string)
    }
  }

  /// The tensor that a member of the header describes; its place in the data is checked against the data's size and
  /// against its own shape, not yet against its neighbors.
  private func readEntry(_ member: JSONMember, data: Range<Int>) throws -> SafeTensorsEntry {
    let tensor = "tensor \(JSONValue(member.key).excerpt)"
    guard let fields = member.value.members else {
      throw failure(tensor, "expected an object, found \(member.value.excerpt)")
    }
    let known = ["dtype", "shape", "data_offsets"]
    if let stranger = fields.first(where: { field in !known.contains { field.key.hasSameBytes(as: $0) } }) {
      throw failure(tensor, "expected `dtype`, `shape` and `data_offsets`, found \(JSONValue(stranger.key).excerpt)")
    }
    guard case .string(let typeName)? = member.value["dtype"]?.content else {
      throw failure(tensor, "expected a string `dtype`")
    }
    guard let type = SafeTensorsType.allCases.first(where: { $0.rawValue.hasSameBytes(as: typeName) }) else {
      throw failure(tensor, "the element type \(JSONValue(typeName).excerpt) is not known")
    }
    guard let shape = sizes(member.value["shape"]) else {
      throw failure(tensor, "expected `shape` to be an array of whole numbers from 0 up")
    }
    guard let offsets = sizes(member.value["data_offsets"]), offsets.count == 2, offsets[0] <= offsets[1],
      offsets[1] <= data.count
    else {
      throw failure(tensor, "expected `data_offsets` to be two ascending numbers up to \(data.count)")
    }
    guard let size = byteCount(shape, type) else {
      throw failure(tensor, "the shape \(shape) has more elements than fit in memory")
    }
    guard offsets[1] - offsets[0] == size else {
      let found = offsets[1] - offsets[0]
      throw failure(tensor, "\(shape) of \(type.rawValue) takes \(size) bytes, but `data_offsets` give it \(found)")
    }
    return SafeTensorsEntry(
      name: member.key, type: type, shape: shape, bytes: data.lowerBound + offsets[0]..<data.lowerBound + offsets[1])
  }

  /// The numbers of an array, nil unless each is a whole number from 0 up that is written as one.
  private func sizes(_ value: JSONValue?) -> [Int]? {
    guard case .array(let elements)? = value?.content else { return nil }
    var sizes: [Int] = []
    for element in elements {
      guard case .number(let number) = element.content, number.isWrittenAsInteger, let size = number.integer, size >= 0
      else { return nil }
      sizes.append(size)
    }
    return sizes
  }

  /// The product of the sizes and of the element's size, nil if it overflows.
  private func byteCount(_ shape: [Int], _ type: SafeTensorsType) -> Int? {
    var count = type.size
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      count = product
    }
    return count
  }

  /// Every byte of the data must belong to exactly one tensor.
  private func checkCoverage(of data: Range<Int>) throws {
    var end = data.lowerBound
    var previous = "the header"
    let sorted = entries.sorted { left, right in
      (left.bytes.lowerBound, left.bytes.upperBound) < (right.bytes.lowerBound, right.bytes.upperBound)
    }
    for entry in sorted {
      let name = "tensor \(JSONValue(entry.name).excerpt)"
      guard entry.bytes.lowerBound == end else {
        let fault = entry.bytes.lowerBound > end ? "there is a hole between it and" : "it overlaps"
        throw failure(name, "\(fault) \(previous)")
      }
      end = entry.bytes.upperBound
      previous = name
    }
    guard end == data.upperBound else {
      throw Failure(
        .data, "\(path): expected the file to end with \(previous) at byte \(end), found \(data.upperBound) bytes")
    }
  }

  private func failure(_ what: String, _ message: String) -> Failure {
    Failure(.data, "\(path): \(what): \(message)")
  }
}
