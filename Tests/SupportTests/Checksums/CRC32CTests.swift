import Testing

@testable import Support

struct CRC32CTests {
  @Test func `checksums are those of RFC 3720`() {
    #expect(CRC32C.checksum([]) == 0)
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum(Array(0..<32)) == 0x46DD_794E)
    #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
  }

  @Test func `masking rotates by 15 and adds`() {
    #expect(CRC32C.masked([]) == 0xA282_EAD8)
    #expect(CRC32C.masked(Array("123456789".utf8)) == 0xC78A_B0E5)
  }
}
