import Testing

@testable import Support

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
    #expect(failure?.message.contains("32 pixels are more than 20") == true)
  }
}
