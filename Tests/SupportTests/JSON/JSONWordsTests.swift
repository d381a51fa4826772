import Testing

@testable import Support

struct JSONWordsTests {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8), as: .strict, source: "n", kind: .data)
  }

  @Test(arguments: [
    "01", "-01", "00", "+1", ".5", "1.", "-", "1e", "1e+", "0x10", "1_000", "--1", "1.e3", "- 1", "1e999", "-1e999",
    "NaN", "nan", "Infinity", "-Infinity", "True", "None", "nul", "nulll", "truefalse",
  ])
  func `what is no JSON number or word is refused`(text: String) {
    #expect(throws: Failure.self) { try parse(text) }
    #expect(throws: Failure.self) { try parse("[\(text)]") }
  }

  @Test func `messages say what is wrong with a number or a word`() {
    #expect(throws: Failure(.data, "n:1:1: JSON has neither NaN nor infinity: expected a number")) { try parse("NaN") }
    #expect(throws: Failure(.data, "n:1:1: a number must not begin with 0")) { try parse("007") }
    #expect(throws: Failure(.data, "n:1:1: the number 1e999 is too large for 64 bits")) { try parse("1e999") }
    #expect(throws: Failure(.data, "n:1:1: expected a value, found `True`; strings stand in double quotes")) {
      try parse("True")
    }
  }

  @Test(
    arguments: [
      ("0", 0, 0), ("-0", 0, 0), ("16", 16, 16), ("16.0", 16, 16), ("1e3", 1000, 1000), ("16.5", nil, 16.5),
      ("-1.5E-3", nil, -0.0015), ("9223372036854775807", Int.max, 9.223372036854775807e18),
      ("-9223372036854775808", Int.min, -9.223372036854775808e18),
      ("9223372036854775808", nil, 9.223372036854775808e18),
      ("9007199254740993", 9_007_199_254_740_993, 9_007_199_254_740_992),
      ("9007199254740994.0", nil, 9_007_199_254_740_994),
      ("1e300", nil, 1e300), ("5e-324", nil, .leastNonzeroMagnitude), ("1e-400", 0, 0),
    ] as [(String, Int?, Double)])
  func `numbers are exact`(text: String, integer: Int?, real: Double) throws {
    guard case .number(let number) = try parse(text).content else { throw Failure(.data, "no number") }
    #expect(number.integer == integer)
    #expect(number.real == real)
    #expect(number.literal == text)
  }

  @Test func `a number of a million digits does no harm`() throws {
    let digits = String(repeating: "9", count: 1_000_000)
    #expect(throws: Failure.self) { try parse(digits) }
    #expect(try parse("0." + digits) == 1.0)
    #expect(throws: Failure.self) { try parse("1e" + digits) }
  }

  @Test func `numbers are equal by value`() throws {
    #expect(try parse("1e-4") == 0.0001)
    #expect(try parse("[1.0]") == [1])
    #expect(try parse("9223372036854775806") != 9_223_372_036_854_775_807)
  }
}
