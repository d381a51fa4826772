import Testing

@testable import Support

struct ProtocolBufferTests {
  private func bytes(_ body: (inout ProtocolBuffer) -> Void) -> [UInt8] {
    var message = ProtocolBuffer()
    body(&message)
    return message.bytes
  }

  @Test func `integers take seven bits a byte`() {
    #expect(bytes { $0.append(field: 1, integer: 150) } == [0x08, 0x96, 0x01])
    #expect(bytes { $0.append(field: 2, integer: 0) } == [0x10, 0x00])
    #expect(bytes { $0.append(field: 2, integer: 127) } == [0x10, 0x7F])
    #expect(bytes { $0.append(field: 2, integer: 128) } == [0x10, 0x80, 0x01])
    #expect(bytes { $0.append(field: 1, integer: -1) } == [0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x01])
    #expect(bytes { $0.append(field: 16, integer: 1) } == [0x80, 0x01, 0x01])
  }

  @Test func `reals are little-endian`() {
    #expect(bytes { $0.append(field: 1, double: 1.5) } == [0x09, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F])
    #expect(bytes { $0.append(field: 2, float: -2) } == [0x15, 0, 0, 0, 0xC0])
  }

  @Test func `strings and messages have a length`() {
    #expect(bytes { $0.append(field: 2, string: "testing") } == [0x12, 7] + Array("testing".utf8))
    #expect(bytes { $0.append(field: 3) { $0.append(field: 1, integer: 150) } } == [0x1A, 3, 0x08, 0x96, 0x01])
    #expect(bytes { $0.append(field: 1, bytes: [UInt8](repeating: 7, count: 300)) }.prefix(3) == [0x0A, 0xAC, 0x02])
  }
}
