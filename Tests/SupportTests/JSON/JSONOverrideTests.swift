import Testing

@testable import Support

struct JSONOverrideTests {
  private func apply(_ assignments: String..., to root: JSONValue) throws -> JSONValue {
    var root = root
    for assignment in assignments { try JSONOverride(parsing: assignment, from: "--set").apply(to: &root) }
    return root
  }

  @Test func `values are replaced in place and missing ones come last`() throws {
    let root: JSONValue = ["a": ["x": 1, "y": 2], "b": 3]
    #expect(try apply("a.x=10", to: root) == ["a": ["x": 10, "y": 2], "b": 3])
    #expect(
      try apply("a.z=[1, 2]", "c.d.e=true", to: root)
        == ["a": ["x": 1, "y": 2, "z": [1, 2]], "b": 3, "c": ["d": ["e": true]]])
    #expect(try apply("a={\"k\":null}", to: root) == ["a": ["k": nil], "b": 3])
  }

  @Test(
    arguments: [
      ("k=symmetric", "symmetric"), ("k=~/my photos", "~/my photos"), ("k=/a=b", "/a=b"), ("k=10x", "10x"),
      ("k=True", "True"), ("k=NaN", "NaN"), ("k=\"5\"", "5"), ("k=null", nil), ("k=1e-4", 0.0001), ("k=-3", -3),
      ("k= 5", 5), ("k=\"\"", ""),
    ] as [(String, JSONValue)])
  func `a bare word is a string, and JSON is JSON`(assignment: String, value: JSONValue) throws {
    #expect(try apply(assignment, to: [:]) == ["k": value])
  }

  @Test(arguments: [
    ("abc", "--set abc: expected `path.to.key=value`, found no `=`"),
    ("=1", "--set =1: expected up to 32 keys joined by dots, found ``"),
    ("a..b=1", "--set a..b=1: expected up to 32 keys joined by dots, found `a..b`"),
    (".a=1", "--set .a=1: expected up to 32 keys joined by dots, found `.a`"),
    ("a=", "--set a=: expected a value after `=`, found nothing; write `--set a='\"\"'` for no text"),
    ("a=[1,", "--set a:1:4: expected a value, found the end"),
    ("a={\"b\":1,\"b\":2}", "--set a:1:8: expected each key once, found \"b\" again"),
    ("a=\"x", "--set a:1:1: expected `\"` at the end of this string, found none"),
  ])
  func `bad syntax is a usage failure`(assignment: String, message: String) {
    #expect(throws: Failure(.usage, message)) { try JSONOverride(parsing: assignment, from: "--set") }
  }

  @Test func `elements of arrays go by index`() throws {
    let root: JSONValue = ["a": ["s": [1, 2]]]
    #expect(try apply("a.s.1=5", to: root) == ["a": ["s": [1, 5]]])
    #expect(throws: Failure(.usage, "--set a.s.2: expected an index below 2 for `a.s`, found `2`")) {
      try apply("a.s.2=5", to: root)
    }
    #expect(throws: Failure.self) { try apply("a.s.-1=5", to: root) }
    #expect(throws: Failure.self) { try apply("a.s.x=5", to: root) }
  }

  @Test func `a way through a number is refused`() {
    #expect(throws: Failure(.usage, "--set a.b.c: expected `a.b` to be an object with the key `c`, found 3")) {
      try apply("a.b.c=5", to: ["a": ["b": 3]])
    }
    #expect(throws: Failure(.usage, "--set a: expected the configuration to be an object with the key `a`, found 3")) {
      try apply("a=5", to: 3)
    }
  }

  @Test func `positions name the flag`() throws {
    let root = try apply("a.b={\"c\":[1]}", to: [:])
    #expect(root["a"]?.position == .override("--set a.b"))
    #expect(root["a"]?.members?[0].keyPosition == .override("--set a.b"))
    #expect(root["a"]?["b"]?["c"]?.position == .override("--set a.b"))
    let training = try JSONReader(root, source: "x.json").object("a").object("b")
    #expect(throws: Failure(.configuration, "--set a.b: `a.b.c`: expected a whole number, found an array")) {
      try training.integer("c")
    }
  }
}
