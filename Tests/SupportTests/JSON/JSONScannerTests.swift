import Testing

@testable import Support

struct JSONScannerTests {
  private func strict(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8), as: .strict, source: "a.json", kind: .data)
  }

  private func relaxed(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8), as: .configuration, source: "a.json", kind: .configuration)
  }

  @Test func `keys keep their order and values their kind`() throws {
    let value = try strict(#" {"z": [1, -2.5e1, true, false, null], "a": {"é": ""}, "m": []} "#)
    #expect(value == ["z": [1, -25.0, true, false, nil], "a": ["é": ""], "m": []])
    #expect(value.members?.map(\.key) == ["z", "a", "m"])
  }

  @Test func `keys and values know their line and column, counted in characters`() throws {
    let value = try strict("{\r\n  \"é😀\": 1,\n\t\"b\" :  [\"ü\", 2]}")
    let members = try #require(value.members)
    #expect(value.position == .text(line: 1, column: 1))
    #expect(members[0].keyPosition == .text(line: 2, column: 3))
    #expect(members[0].value.position == .text(line: 2, column: 9))
    #expect(members[1].keyPosition == .text(line: 3, column: 2))
    guard case .array(let elements) = members[1].value.content else { throw Failure(.data, "no array") }
    #expect(elements.map(\.position) == [.text(line: 3, column: 10), .text(line: 3, column: 15)])
  }

  @Test(arguments: [
    ("", "a.json:1:1: expected a value, found the end"),
    ("{", "a.json:1:2: expected a key in double quotes, found the end"),
    ("{\"a\" 1}", "a.json:1:6: expected `:` after the key, found `1`"),
    ("{\"a\":1\n \"b\":2}", "a.json:2:2: expected `,` or `}`, found `\"`"),
    ("{a:1}", "a.json:1:2: expected a key in double quotes, found `a`"),
    ("[1,]", "a.json:1:4: expected a value after the comma, found `]`"),
    ("[,1]", "a.json:1:2: expected a value, found `,`"),
    ("[1 2]", "a.json:1:4: expected `,` or `]`, found `2`"),
    ("[1", "a.json:1:3: expected `,` or `]`, found the end"),
    ("1 2", "a.json:1:3: expected the end after the value, found `2`"),
    ("// x\n1", "a.json:1:1: expected no comments here, found one"),
    ("{\"a\":1,\n\"b\":2,\"a\":3}", "a.json:2:7: expected each key once, found \"a\" again"),
    ("{\"\\u0061\":1,\"a\":3}", "a.json:1:13: expected each key once, found \"a\" again"),
    ("[€]", "a.json:1:2: expected a value, found `€`"),
    ("[\u{7}]", "a.json:1:2: expected a value, found the byte 0x07"),
  ])
  func `a fault is named with its place`(text: String, message: String) {
    #expect(throws: Failure(.data, message)) { try strict(text) }
  }

  @Test func `keys are compared by their bytes`() throws {
    let value = try strict("{\"\u{e9}\": 1, \"e\u{301}\": 2}")
    #expect(value.members?.count == 2)
    #expect(value["e\u{301}"] == 2)
  }

  @Test func `configurations may have comments, trailing commas and a byte order mark`() throws {
    let text = "\u{FEFF}// first\n{ /* a\n * b **/ \"a\": [1, 2,], // \"c\": 3\n \"b\": \"//\", }\n/**/ // end"
    let value = try relaxed(text)
    #expect(value == ["a": [1, 2], "b": "//"])
    #expect(value.members?[1].keyPosition == .text(line: 4, column: 2))
  }

  @Test(arguments: [
    ("{} /* x", "a.json:1:4: expected `*/` at the end of this comment, found none"),
    ("{} /*/", "a.json:1:4: expected `*/` at the end of this comment, found none"),
    ("/ 1", "a.json:1:2: expected `//` or `/*`, found ` `"),
    ("[,]", "a.json:1:2: expected a value, found `,`"),
    ("[1,,]", "a.json:1:4: expected a value, found `,`"),
    ("", "a.json:1:1: expected a value, found the end"),
  ])
  func `configurations are strict in all else`(text: String, message: String) {
    #expect(throws: Failure(.configuration, message)) { try relaxed(text) }
  }

  @Test func `values nest 64 deep and no deeper`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try strict(nested(64))
    #expect(throws: Failure(.data, "a.json:1:65: expected values nested at most 64 deep, found a deeper one")) {
      try strict(nested(65))
    }
    #expect(throws: Failure.self) { try strict(String(repeating: "[", count: 1_000_000)) }
    #expect(throws: Failure.self) { try strict(String(repeating: "{\"a\":", count: 1_000_000)) }
    // Depth is not length.
    _ = try strict("[" + Array(repeating: "[]", count: 100).joined(separator: ",") + "]")
  }

  @Test func `the number of values is limited`() {
    let text = "[" + String(repeating: "0,", count: 4_000_000) + "0]"
    #expect(throws: Failure(.data, "a.json:1:8000000: expected at most 4000000 values, found more")) {
      try strict(text)
    }
  }

  @Test func `invalid UTF-8 is refused wherever it stands`() {
    for bytes: [UInt8] in [
      [0x80], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC0, 0xAF], [0xE2, 0x82],
    ] {
      for (before, after) in [
        ("[\"", "\"]"), ("{\"", "\":1}"), ("[\"\\n", "\"]"), ("/*", "*/1"), ("//", "\n1"), ("[1", "]"), ("", ""),
      ] {
        let text = Array(before.utf8) + bytes + Array(after.utf8)
        #expect(throws: Failure.self, "\(text)") {
          try JSONValue(parsing: text, as: .configuration, source: "a", kind: .data)
        }
      }
    }
  }

  @Test func `no damage to a text traps, and what is accepted is written and read back the same`() throws {
    let seed = Array(
      #"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"é\ud83d\ude00":[1.5e-3,-0,true,null,"\n"]} // x"#.utf8
    )
    let alphabet = Array("{}[]\",:\\/*0123456789.eE+-u ntf\n".utf8) + [0, 0x7F, 0x80, 0xC3, 0xE2, 0xF0, 0xFF]
    var accepted = 0
    for sample in 0..<20_000 {
      var random = RandomStream(seed: 1, purpose: "fuzz", sample: sample)
      var text = seed
      for _ in 0..<random.integer(in: 1...4) {
        let place = random.integer(in: 0..<text.count)
        switch random.integer(in: 0..<4) {
        case 0: text[place] = alphabet[random.integer(in: 0..<alphabet.count)]
        case 1: text.insert(alphabet[random.integer(in: 0..<alphabet.count)], at: place)
        case 2: text.remove(at: place)
        default: text.removeSubrange(place..<min(text.count, place + random.integer(in: 1...20)))
        }
        if text.isEmpty { text = [0x20] }
      }
      do {
        let value = try JSONValue(parsing: text, as: .configuration, source: "fuzz", kind: .data)
        let again = try JSONValue(parsing: Array(value.write(pretty: true).utf8), as: .strict, source: "", kind: .data)
        #expect(again == value)
        accepted += 1
      } catch let failure as Failure {
        #expect(failure.kind == .data && failure.message.hasPrefix("fuzz:"))
      }
    }
    #expect(accepted > 100)
  }
}

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
    #expect(throws: Failure(.data, "n:1:1: expected a number, found `NaN`, which JSON does not have")) {
      try parse("NaN")
    }
    #expect(throws: Failure(.data, "n:1:1: expected a number without a 0 in front, found one")) { try parse("007") }
    #expect(throws: Failure(.data, "n:1:1: expected a number of 64 bits, found 1e999")) { try parse("1e999") }
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
