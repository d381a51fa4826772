import Testing

@testable import Support

struct JSONFieldTests {
  private enum Name: String, CaseIterable { case adam, sgd }

  private func value(_ text: String) throws -> JSONField {
    let bytes = Array("{\"k\": \(text)}".utf8)
    let json = try JSONValue(parsing: bytes, as: .strict, source: "c", kind: .configuration)
    return try #require(try JSONReader(json, source: "c").value("k"))
  }

  private func failure(_ message: String) -> Failure { Failure(.configuration, "c:1:7: `k`: " + message) }

  @Test(arguments: ["16.5", "true", "\"16\"", "null", "0", "4097", "[16]", "1e300", "99999999999999999999"])
  func `only whole numbers of the range are integers`(text: String) throws {
    let value = try value(text)
    let found = text == "[16]" ? "an array" : text
    #expect(throws: failure("expected a whole number from 1 to 4096, found \(found)")) {
      try value.integer(in: 1...4096)
    }
  }

  @Test(arguments: ["true", "\"1\"", "-0.1", "1", "1.5"])
  func `only numbers of the range are reals`(text: String) throws {
    let value = try value(text)
    #expect(throws: failure("expected a number from 0 to below 1, found \(text)")) {
      try value.real(in: .from(0, below: 1))
    }
  }

  @Test func `ends of ranges are kept exactly`() throws {
    #expect(try value("0.9999").real(in: .from(0, below: 1)) == 0.9999)
    #expect(try value("0").real(in: .from(0, below: 1)) == 0)
    #expect(throws: failure("expected a number above 0, found 0")) { try value("0").real(in: .positive) }
    #expect(try value("0").real(in: .nonNegative) == 0)
  }

  @Test func `booleans and strings are not converted`() throws {
    #expect(throws: failure("expected true or false, found 1")) { try value("1").boolean() }
    #expect(throws: failure("expected a string, found 1")) { try value("1").string() }
    #expect(throws: failure("expected an object, found \"x\"")) { try value("\"x\"").object() }
  }

  @Test func `choices say what there is and what may have been meant`() throws {
    #expect(throws: failure("expected one of \"adam\", \"sgd\", found \"Adam\"; did you mean \"adam\"?")) {
      try value("\"Adam\"").choice(of: Name.self)
    }
    #expect(throws: failure("expected one of \"adam\", \"sgd\", found 3")) { try value("3").choice(of: Name.self) }
  }

  @Test func `counts and elements of arrays are checked`() throws {
    #expect(throws: failure("expected an array of 2 elements, found 3")) { try value("[1,2,3]").array(count: 2...2) }
    #expect(throws: failure("expected an array of at least 1 elements, found 0")) {
      try value("[]").array(count: 1 ... .max)
    }
    let elements = try value("[1, true]").array()
    #expect(throws: Failure(.configuration, "c:1:11: `k[1]`: expected a whole number, found true")) {
      try elements[1].integer()
    }
  }
}

struct JSONLengthsTests {
  private func reader(_ text: String) throws -> JSONReader {
    try JSONReader(
      JSONValue(parsing: Array(text.utf8), as: .configuration, source: "c", kind: .configuration), source: "c")
  }

  @Test func `a whole number is pixels, and a number below 1 a part of the side`() throws {
    let reader = try reader(#"{"a": 7, "b": 0.5, "c": 0.15234375, "d": 0.001, "e": [0.25, 40], "f": 0}"#)
    #expect(try reader.length("a", in: 1...256, ofSide: 256, default: 3) == 7)
    #expect(try reader.length("b", in: 1...256, ofSide: 256, default: 3) == 128)
    #expect(try reader.length("c", in: 1...256, ofSide: 64, default: 3) == 10)
    // Never less than what is allowed.
    #expect(try reader.length("d", in: 1...256, ofSide: 64, default: 3) == 1)
    #expect(try reader.lengths("e", in: 1...256, ofSide: 64, default: 1...2) == 16...40)
    #expect(try reader.length("f", in: 0...256, ofSide: 64, default: 3) == 0)
    #expect(try reader.length("g", in: 1...256, ofSide: 64, default: 3) == 3)
    try reader.finish()
  }

  @Test func `what is written down are pixels`() throws {
    let reader = try reader(#"{"a": 0.5, "b": [0.25, 0.5]}"#)
    _ = try reader.length("a", in: 1...64, ofSide: 64, default: 3)
    _ = try reader.lengths("b", in: 1...64, ofSide: 64, default: 1...2)
    _ = try reader.length("c", in: 1...64, ofSide: 64, default: 9)
    #expect(reader.resolved.write() == #"{"a":32,"b":[16,32],"c":9}"#)
  }

  @Test(arguments: ["1.5", "-0.5", "65", "0", "true", "\"half\"", "null"])
  func `anything else is refused with what was expected and found`(_ value: String) throws {
    let reader = try reader("{\"a\": \(value)}")
    let failure = #expect(throws: Failure.self) { try reader.length("a", in: 1...64, ofSide: 64, default: 3) }
    let message = failure?.message ?? ""
    #expect(message.contains("a whole number of pixels from 1 to 64, or a part of the picture's side"))
    #expect(message.hasSuffix("found \(value)"), "\(message)")
  }

  @Test func `a range that runs backwards is refused in pixels`() throws {
    let reader = try reader(#"{"a": [0.5, 20]}"#)
    let failure = #expect(throws: Failure.self) { try reader.lengths("a", in: 1...64, ofSide: 64, default: 1...2) }
    #expect(failure?.message.contains("`a`: expected [lowest, highest], found [32, 20] in pixels") == true)
  }
}

struct NearestNameTests {
  @Test(arguments: [
    ("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("form", "from", 1),
    ("ca", "abc", 3), ("abcd", "acbd", 1),
  ])
  func `edits are counted`(left: String, right: String, distance: Int) {
    #expect(NearestName.editDistance(Array(left.utf8), Array(right.utf8)) == distance)
    #expect(NearestName.editDistance(Array(right.utf8), Array(left.utf8)) == distance)
  }

  @Test func `the nearest name is found, and none that is far`() {
    let names = ["steps", "batch_size", "seed", "step_size"]
    #expect(NearestName.of("setps", among: names) == "steps")
    #expect(NearestName.of("BatchSize", among: names) == "batch_size")
    #expect(NearestName.of("wings", among: names) == nil)
    #expect(NearestName.of("", among: names) == nil)
    #expect(NearestName.of(String(repeating: "x", count: 100_000), among: names) == nil)
  }
}
