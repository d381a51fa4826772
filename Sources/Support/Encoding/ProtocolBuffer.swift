/// Encodes a protocol buffer message, as far as event files need it.
///
/// The wire format: https://protobuf.dev/programming-guides/encoding
package struct ProtocolBuffer {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// The wire type, a part of a field's tag.
  private enum WireType: UInt64 {
    case variable = 0
    case fixed64 = 1
    case delimited = 2
    case fixed32 = 5
  }

  /// Appends an `int32`, `int64` or enumeration; negative values take ten bytes.
  package mutating func append(field: UInt64, integer: Int) {
    append(tag: field, .variable)
    append(variable: UInt64(bitPattern: Int64(integer)))
  }

  package mutating func append(field: UInt64, double: Double) {
    append(tag: field, .fixed64)
    append(fixed: double.bitPattern)
  }

  package mutating func append(field: UInt64, float: Float) {
    append(tag: field, .fixed32)
    append(fixed: float.bitPattern)
  }

  /// Appends length-delimited bytes.
  package mutating func append(field: UInt64, bytes: [UInt8]) {
    append(tag: field, .delimited)
    append(variable: UInt64(bytes.count))
    self.bytes += bytes
  }

  package mutating func append(field: UInt64, string: String) {
    append(field: field, bytes: Array(string.utf8))
  }

  /// Appends a nested message.
  package mutating func append(field: UInt64, _ body: (inout ProtocolBuffer) -> Void) {
    var message = ProtocolBuffer()
    body(&message)
    append(field: field, bytes: message.bytes)
  }

  private mutating func append(tag field: UInt64, _ type: WireType) {
    append(variable: field << 3 | type.rawValue)
  }

  /// Appends a varint: seven bits a byte, the lowest first; the eighth says that more follow.
  private mutating func append(variable value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func append(fixed value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}
