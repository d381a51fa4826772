import Testing

@testable import Support

@Suite struct ChecksumTests {
  private func text(_ values: [Float]) -> String {
    var checksum = Checksum()
    values.withUnsafeBufferPointer { checksum.add($0) }
    return checksum.text
  }

  @Test func `every value and every place counts`() {
    let values = (0..<37).map { Float($0) * 0.7 }
    let whole = text(values)
    #expect(whole.count == 16)
    for index in values.indices {
      var changed = values
      changed[index] = Float(bitPattern: changed[index].bitPattern ^ 1)
      #expect(text(changed) != whole)
    }
    var swapped = values
    swapped.swapAt(3, 7)
    #expect(text(swapped) != whole)
  }

  @Test func `zero and minus zero differ, and so do lengths`() {
    #expect(text([0]) != text([-0.0]))
    #expect(text([0]) != text([0, 0]))
  }
}

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

@Suite struct SHA256Tests {
  /// The examples of FIPS 180-4, and a million times the letter a.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func `the published examples have their published hashes`(text: String, expected: String) {
    var hash = SHA256()
    hash.add(Array(text.utf8))
    #expect(hash.text == expected)
  }

  @Test func `how the bytes are cut does not matter`() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    var whole = SHA256()
    whole.add(bytes)
    var pieces = SHA256()
    for (start, count) in [(0, 1), (1, 63), (64, 64), (128, 130), (258, 0), (258, 742)] {
      pieces.add(Array(bytes[start..<start + count]))
    }
    #expect(pieces.text == whole.text)
  }
}
