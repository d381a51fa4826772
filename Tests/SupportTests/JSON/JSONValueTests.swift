import Testing

@testable import Support

struct JSONWriterTests {
  @Test func `compact text has no blanks`() {
    let value: JSONValue = ["b": [1, 2.5, nil], "a": ["x": true, "y": [:]], "s": "q\"\\\n\u{1}\u{7F}é"]
    #expect(value.write() == #"{"b":[1,2.5,null],"a":{"x":true,"y":{}},"s":"q\"\\\n\u0001\u007fé"}"#)
  }

  @Test func `pretty text has a member a line and flat arrays in one`() {
    let value: JSONValue = ["b": [1, 2.5, nil], "a": ["x": [["y": 1], []]], "e": [], "o": [:]]
    #expect(
      value.write(pretty: true) == """
        {
          "b": [1, 2.5, null],
          "a": {
            "x": [
              {
                "y": 1
              },
              []
            ]
          },
          "e": [],
          "o": {}
        }
        """)
  }

  @Test func `every real reads back as the same bits`() throws {
    var random = RandomStream(seed: 3, purpose: "reals")
    let special = [
      0.1, 1e-5, 1e16, 1e17, 123_456_789_012_345_680, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -0.0, 1 / 3,
    ]
    let arbitrary = (0..<10_000).map { _ in Double(bitPattern: random.next()) }.filter(\.isFinite)
    for real in special + arbitrary {
      let text = Array(JSONValue(real).write().utf8)
      let value = try JSONValue(parsing: text, as: .strict, source: "", kind: .data)
      guard case .number(let number) = value.content else { throw Failure(.data, "no number") }
      #expect(number.real.bitPattern == real.bitPattern)
    }
  }

  @Test func `numbers that are not finite become null`() {
    #expect(JSONValue([JSONValue(Double.nan), JSONValue(-Double.infinity)]).write() == "[null,null]")
  }

  @Test func `a number is written back as it was read`() throws {
    let text = "[1e-4,1.50,16.0,100000000000000000000]"
    #expect(try JSONValue(parsing: Array(text.utf8), as: .strict, source: "", kind: .data).write() == text)
  }

  @Test func `excerpts are short`() {
    #expect(JSONValue(String(repeating: "x", count: 1000)).excerpt == "\"" + String(repeating: "x", count: 60) + "\"…")
    #expect(JSONValue(String(repeating: "x", count: 60)).excerpt.hasSuffix("x\""))
    #expect(JSONValue(String(repeating: "\u{1}", count: 1000)).excerpt.count <= 64)
    #expect((["a": 1] as JSONValue).excerpt == "an object")
    #expect(([] as JSONValue).excerpt == "an empty array")
    #expect(JSONValue("a\u{1B}[2J").excerpt == #""a\u001b[2J""#)
  }
}
