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
