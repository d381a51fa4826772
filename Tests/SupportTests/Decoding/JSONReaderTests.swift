import Testing

@testable package import Support

struct JSONReaderTests {
  private enum Padding: String, CaseIterable { case zero, symmetric, reflect }

  private func reader(_ text: String) throws -> JSONReader {
    let value = try JSONValue(parsing: Array(text.utf8), as: .configuration, source: "c.json", kind: .configuration)
    return try JSONReader(value, source: "c.json")
  }

  private func failure(_ message: String) -> Failure { Failure(.configuration, message) }

  @Test func `values of every kind are read`() throws {
    let root = try reader(
      """
      {"i": 16.0, "r": 3, "b": true, "s": "x", "c": "reflect", "is": [1, 2], "rs": [0.5, 1],
       "o": {"deep": {"k": 1}}}
      """)
    #expect(try root.integer("i", in: 1...16) == 16)
    #expect(try root.real("r") == 3)
    #expect(try root.boolean("b"))
    #expect(try root.string("s") == "x")
    #expect(try root.choice("c", of: Padding.self) == .reflect)
    #expect(try root.integers("is", count: 2...2, in: 0...2) == [1, 2])
    #expect(try root.reals("rs") == [0.5, 1])
    #expect(try root.object("o").object("deep").integer("k") == 1)
    try root.finish()
  }

  @Test func `absent keys take their defaults`() throws {
    let root = try reader("{}")
    #expect(try root.integer("i", in: 1...2, default: 7) == 7)
    #expect(try root.choice("c", default: Padding.zero) == .zero)
    #expect(try root.object("o").reals("rs", default: [1]) == [1])
    #expect(root.optional("x") == nil)
    try root.finish()
  }

  @Test func `an object may be read over another`() throws {
    let root = try reader(#"{"base": {"a": 1, "b": {"x": 2}}, "own": {"b": {"y": 3}, "c": 4}, "wrong": 5}"#)
    let base = try root.object("base")
    for key in base.keys { _ = base.value(key) }
    let base1 = root.value("base")?.value
    let both = try root.object("own", over: base1)
    let b = try both.object("b")
    #expect(try both.integer("a") == 1 && both.integer("c") == 4 && b.integer("y") == 3)
    #expect(throws: failure("c.json:1:48: the key `own.b.x` is missing, expected a whole number")) {
      try b.integer("x")
    }
    #expect(try root.object("absent", over: base1).integer("a") == 1)
    #expect(try root.object("bare", over: 7).keys.isEmpty)
    #expect(root.resolved["own"]?["a"] == 1 && root.resolved["absent"] == ["a": 1])
    #expect(throws: failure("c.json:1:76: `wrong`: expected an object, found 5")) {
      try root.object("wrong", over: base1)
    }
    // What nobody asks for is unknown, wherever it stands.
    #expect(throws: failure("c.json:1:19: `absent.b` is not a known key; did you mean `a`?")) { try root.finish() }
  }

  @Test func `an absent key without a default is named by its path`() throws {
    let root = try reader("\n {\"training\": {}}")
    #expect(throws: failure("c.json:2:2: the key `model` is missing, expected a string")) { try root.string("model") }
    #expect(throws: failure("c.json:2:15: the key `training.steps` is missing, expected a whole number from 1 up")) {
      try root.object("training").integer("steps", in: 1 ... .max)
    }
    #expect(throws: failure("c.json:2:2: the key `losses.l1` is missing, expected a number above 0")) {
      try root.object("losses").real("l1", in: .positive)
    }
  }

  @Test func `a missing key that was misspelt says so`() throws {
    let root = try reader("{\"bach_size\": 4}")
    #expect(
      throws: failure(
        "c.json:1:1: the key `batch_size` is missing, expected a whole number; is `bach_size` a misspelling of it?")
    ) { try root.integer("batch_size") }
  }

  @Test func `null is absent only where the key is optional`() throws {
    let root = try reader("{\"a\": null, \"b\": 5}")
    #expect(root.optional("a") == nil)
    #expect(try root.optional("b")?.integer() == 5)
    #expect(throws: failure("c.json:1:7: `a`: expected a whole number, found null")) {
      try root.integer("a", default: 3)
    }
  }

  @Test func `a key that nobody asked for is refused, with the nearest known one`() throws {
    let root = try reader("{\"training\": {\"steps\": 1,\n \"batch-size\": 2}}")
    let training = try root.object("training")
    _ = try training.integer("steps")
    _ = try training.integer("batch_size", default: 1)
    #expect(
      throws: failure("c.json:2:2: `training.batch-size` is not a known key; did you mean `batch_size`?")
    ) { try root.finish() }
  }

  @Test func `an unknown key without a near one lists the known ones in order`() throws {
    let root = try reader("{\"wings\": 2}")
    _ = root.optional("steps")
    _ = root.optional("seed")
    #expect(throws: failure("c.json:1:2: `wings` is not a known key; the keys here are `steps`, `seed`")) {
      try root.finish()
    }
    let empty = try reader("{\"o\": {\"x\": 1}}")
    _ = try empty.object("o")
    #expect(throws: failure("c.json:1:8: `o.x` is not a known key; no key is known here")) { try empty.finish() }
  }

  @Test func `finish looks into objects of arrays too`() throws {
    let root = try reader("{\"list\": [{\"a\": 1}, {\"a\": 1, \"b\": 2}]}")
    for element in try #require(root.optional("list")).array() {
      _ = try element.object().integer("a")
    }
    #expect(throws: failure("c.json:1:30: `list[1].b` is not a known key; did you mean `a`?")) { try root.finish() }
  }

  @Test func `keys equal by canonical equivalence are different keys`() throws {
    let root = try reader("{\"e\u{301}\": 1}")
    #expect(root.optional("\u{e9}") == nil)
    #expect(throws: Failure.self) { try root.finish() }
  }

  @Test func `a configuration must be an object`() {
    #expect(throws: failure("c.json:1:1: expected the configuration to be an object, found an array")) {
      try reader("[1]")
    }
  }

  @Test func `every failure has the kind that the root was given`() throws {
    func root(_ text: String) throws -> JSONReader {
      let value = try JSONValue(parsing: Array(text.utf8), as: .strict, source: "r.json", kind: .data)
      return try JSONReader(value, source: "r.json", kind: .data)
    }
    func damage(_ message: String) -> Failure { Failure(.data, "r.json:1:" + message) }
    #expect(throws: damage("1: expected an object, found an array")) { try root("[1]") }
    let reader = try root("{\"o\": {\"n\": \"x\"}, \"list\": [{\"n\": 1}]}")
    let object = try reader.object("o")
    #expect(throws: damage("13: `o.n`: expected a whole number, found \"x\"")) { try object.integer("n") }
    #expect(throws: damage("7: the key `o.m` is missing, expected a string")) { try object.string("m") }
    #expect(object.failure("no") == damage("7: `o`: no"))
    let elements = try reader.objects("list", default: [])
    #expect(throws: damage("34: `list[0].n`: expected true or false, found 1")) { try elements[0].boolean("n") }
    #expect(throws: damage("2: `k` is not a known key; no key is known here")) { try root("{\"k\": 1}").finish() }
  }

  @Test func `own rules fail with place and path`() throws {
    let root = try reader("{\"o\": {\"size\": 250}}")
    let object = try root.object("o")
    #expect(object.keys == ["size"])
    #expect(object.failure("no").message == "c.json:1:7: `o`: no")
    #expect(
      object.value("size")?.failure("must be a multiple of 8").message
        == "c.json:1:16: `o.size`: must be a multiple of 8")
  }
}

extension JSONField: Equatable {
  package static func == (left: JSONField, right: JSONField) -> Bool {
    left.keyPath == right.keyPath && left.value == right.value
  }
}
