import Testing

@testable import Support

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
