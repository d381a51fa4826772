import Kernels
import Support

/// The header entry of one tensor of a safetensors file.
package struct SafeTensorsEntry: Equatable, Sendable {
  package let name: String
  package let type: SafeTensorsType
  /// The shape; empty for a scalar.
  package let shape: [Int]
  /// The byte range of the elements in the file.
  package let bytes: Range<Int>

  /// The number of elements.
  package var count: Int { bytes.count / type.size }
}

/// The validated header of a safetensors file: the tensors cover the data without gaps or overlaps, and names do not
/// repeat.
///
/// The format: https://github.com/huggingface/safetensors, section "Format".
struct SafeTensorsHeader {
  /// The largest size of a header in bytes.
  static let limit = 100_000_000

  /// The tensors, in the order of the header.
  var entries: [SafeTensorsEntry] = []
  var metadata: [(key: String, value: String)] = []

  private let path: String

  /// - Parameters:
  ///   - json: The bytes of the header, without its length.
  ///   - data: The byte range of the tensors' data in the file.
  ///   - path: The path of the file, for messages.
  /// - Throws: `Failure` of the kind `data`.
  init(json: [UInt8], data: Range<Int>, path: String) throws {
    self.path = path
    guard json.first == UInt8(ascii: "{") else {
      throw Failure(.data, "\(path): expected a header that begins with `{`, found another; it is no safetensors file")
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

  /// The entries of `__metadata__`, which must be strings.
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

  /// The tensor of a member of the header. Its byte range is checked against the data's size and the tensor's shape;
  /// `checkCoverage` checks the ranges against each other.
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
      throw failure(tensor, "expected a string `dtype`, found \(member.value["dtype"]?.excerpt ?? "none")")
    }
    guard let type = SafeTensorsType.allCases.first(where: { $0.rawValue.hasSameBytes(as: typeName) }) else {
      throw failure(tensor, "expected an element type that is known, found \(JSONValue(typeName).excerpt)")
    }
    guard let shape = sizes(member.value["shape"]) else {
      throw failure(tensor, "expected an array of whole numbers from 0 up as `shape`, found something else")
    }
    guard let offsets = sizes(member.value["data_offsets"]), offsets.count == 2, offsets[0] <= offsets[1],
      offsets[1] <= data.count
    else {
      throw failure(
        tensor, "expected two ascending numbers up to \(data.count) as `data_offsets`, found something else")
    }
    guard let size = byteCount(shape, type) else {
      throw failure(tensor, "expected a shape that fits in memory, found \(shape)")
    }
    guard offsets[1] - offsets[0] == size else {
      let found = offsets[1] - offsets[0]
      throw failure(tensor, "expected \(size) bytes for \(shape) of \(type.rawValue), found \(found) by `data_offsets`")
    }
    return SafeTensorsEntry(
      name: member.key, type: type, shape: shape, bytes: data.lowerBound + offsets[0]..<data.lowerBound + offsets[1])
  }

  /// The elements of an array; nil unless all are non-negative integers, written without fraction or exponent.
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

  /// The size of a tensor in bytes; nil on overflow.
  private func byteCount(_ shape: [Int], _ type: SafeTensorsType) -> Int? {
    var count = type.size
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      count = product
    }
    return count
  }

  /// Checks that every byte of the data belongs to exactly one tensor.
  private func checkCoverage(of data: Range<Int>) throws {
    var end = data.lowerBound
    var previous = "the header"
    let sorted = entries.sorted { left, right in
      (left.bytes.lowerBound, left.bytes.upperBound) < (right.bytes.lowerBound, right.bytes.upperBound)
    }
    for entry in sorted {
      let name = "tensor \(JSONValue(entry.name).excerpt)"
      guard entry.bytes.lowerBound == end else {
        let fault = entry.bytes.lowerBound > end ? "a hole between them" : "that they overlap"
        throw failure(name, "expected its bytes to follow \(previous), found \(fault)")
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

/// The element types (`dtype`) of safetensors files, by their names in the header.
package enum SafeTensorsType: String, CaseIterable, Sendable {
  case boolean = "BOOL"
  case unsigned8 = "U8"
  case signed8 = "I8"
  case float8E5M2 = "F8_E5M2"
  case float8E4M3 = "F8_E4M3"
  case signed16 = "I16"
  case unsigned16 = "U16"
  case float16 = "F16"
  case brainFloat16 = "BF16"
  case signed32 = "I32"
  case unsigned32 = "U32"
  case float32 = "F32"
  case signed64 = "I64"
  case unsigned64 = "U64"
  case float64 = "F64"
  case complex64 = "C64"

  /// The element type of `Scalar`.
  package static var scalar: SafeTensorsType { MemoryLayout<Scalar>.size == 8 ? .float64 : .float32 }

  /// The size of an element in bytes.
  package var size: Int {
    switch self {
    case .boolean, .unsigned8, .signed8, .float8E5M2, .float8E4M3: 1
    case .signed16, .unsigned16, .float16, .brainFloat16: 2
    case .signed32, .unsigned32, .float32: 4
    case .signed64, .unsigned64, .float64, .complex64: 8
    }
  }

  /// True if elements can be converted to `Scalar`, which is not supported for 8-bit floats and complex numbers.
  package var isReadable: Bool {
    ![.float8E5M2, .float8E4M3, .complex64].contains(self)
  }
}

extension SafeTensorsType {
  /// Converts little-endian elements to scalars. Integers and doubles that `Scalar` cannot represent are rounded.
  ///
  /// - Precondition: The type is readable, and `bytes` holds as many elements as `scalars`.
  func convert(_ bytes: UnsafeRawBufferPointer, to scalars: UnsafeMutableBufferPointer<Scalar>) {
    precondition(bytes.count == scalars.count * size, "SafeTensorsType: \(bytes.count) bytes for \(scalars.count)")
    func each<Bits: FixedWidthInteger>(_ type: Bits.Type, _ scalar: (Bits) -> Scalar) {
      for index in scalars.indices {
        let bits = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
        scalars[index] = scalar(Bits(littleEndian: bits))
      }
    }
    switch self {
    case .boolean: each(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .unsigned8: each(UInt8.self) { Scalar($0) }
    case .signed8: each(Int8.self) { Scalar($0) }
    case .signed16: each(Int16.self) { Scalar($0) }
    case .unsigned16: each(UInt16.self) { Scalar($0) }
    case .signed32: each(Int32.self) { Scalar($0) }
    case .unsigned32: each(UInt32.self) { Scalar($0) }
    case .signed64: each(Int64.self) { Scalar($0) }
    case .unsigned64: each(UInt64.self) { Scalar($0) }
    case .float16: each(UInt16.self) { Scalar(SafeTensorsType.halfPrecision($0)) }
    case .brainFloat16: each(UInt16.self) { Scalar(Float(bitPattern: UInt32($0) << 16)) }
    case .float32: each(UInt32.self) { Scalar(Float(bitPattern: $0)) }
    case .float64: each(UInt64.self) { Scalar(Double(bitPattern: $0)) }
    case .float8E5M2, .float8E4M3, .complex64: preconditionFailure("SafeTensorsType: \(rawValue) is not readable")
    }
  }

  /// Decodes an IEEE 754 half-precision number, because some platforms lack the standard library's `Float16`.
  static func halfPrecision(_ bits: UInt16) -> Float {
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    let sign = UInt32(bits & 0x8000) << 16
    switch exponent {
    case 0:
      // Zero and the subnormal numbers, below 2^-14, in units of 2^-24.
      let magnitude = Float(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    case 31:
      return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default:
      return Float(bitPattern: sign | UInt32(exponent + 112) << 23 | fraction << 13)
    }
  }
}
