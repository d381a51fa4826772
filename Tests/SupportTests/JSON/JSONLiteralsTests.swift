import Testing

@testable import Support

struct JSONStringsTests {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8), as: .strict, source: "s", kind: .data)
  }

  @Test(arguments: [
    (#""""#, ""),
    (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{c}\n\r\tz"),
    (#""\u0041\u00e9\u20AC""#, "Aé€"),
    (#""\ud83d\ude00\uD834\uDD1E""#, "😀𝄞"),
    (#""\u0000""#, "\0"),
    (#""\uDBFF\uDFFF\ufffe""#, "\u{10FFFF}\u{FFFE}"),
  ])
  func `escapes are decoded`(text: String, expected: String) throws {
    guard case .string(let string) = try parse(text).content else { throw Failure(.data, "no string") }
    #expect(Array(string.utf8) == Array(expected.utf8))
  }

  @Test(arguments: [
    (#""abc"#, "s:1:1: expected `\"` at the end of this string, found none"),
    (#""abc\""#, "s:1:1: expected `\"` at the end of this string, found none"),
    (#""ab\x""#, #"s:1:4: there is no such escape, expected one of \" \\ \/ \b \f \n \r \t \u"#),
    (#""\"#, "s:1:3: expected an escape, found the end"),
    (#""\u12g4""#, "s:1:6: expected a hexadecimal digit, found `g`"),
    (#""\u12"#, "s:1:6: expected a hexadecimal digit, found the end"),
    (#""\ud83d""#, "s:1:2: expected a surrogate and its other half, found one alone"),
    (#""\ude00""#, "s:1:2: expected a surrogate and its other half, found one alone"),
    (#""\ud83d\u0041""#, "s:1:2: expected a surrogate and its other half, found one alone"),
    (#""\ud83d\ud83d""#, "s:1:2: expected a surrogate and its other half, found one alone"),
    (#""é\ud83dx""#, "s:1:3: expected a surrogate and its other half, found one alone"),
  ])
  func `a damaged string is refused`(text: String, message: String) {
    #expect(throws: Failure(.data, message)) { try parse(text) }
  }

  @Test func `control characters must be escaped`() {
    for byte in UInt8(0)..<0x20 {
      #expect(throws: Failure.self) { try parse("\"a\(Unicode.Scalar(byte))\"") }
    }
  }
}
