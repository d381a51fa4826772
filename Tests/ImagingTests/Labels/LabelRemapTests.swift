import Testing

@testable import Imaging
@testable import Support

struct LabelRemapTests {
  private func remap(_ text: String) throws -> LabelRemap {
    let value = try JSONValue(configuration: Array(text.utf8), source: "remap.json")
    return try LabelRemap(JSONReader(value, source: "remap.json"), classes: .camVid)
  }

  private func message(_ text: String) throws -> String {
    try #require(throws: Failure.self) { _ = try remap(text) }.message
  }

  @Test func `Ids get the meaning of a class or of none`() throws {
    #expect(try remap(#"{"24": "Pedestrian", "0": "ignore"}"#).values == [24: 9, 0: 255])
    #expect(try remap("{}").isEmpty)
  }

  @Test func `Another remap goes before`() throws {
    let both = try remap(#"{"24": "Pedestrian", "30": "Car"}"#).merging(remap(#"{"24": "Sky"}"#))
    #expect(both.values == [24: 0, 30: 8])
  }

  @Test func `Unknown names and ids that are none are errors`() throws {
    #expect(
      try message("{\n\"24\": \"Pedestrain\"}")
        == "remap.json:2:7: `24`: expected a class of camvid or \"ignore\", found \"Pedestrain\"; did you mean \"Pedestrian\"?"
    )
    #expect(
      try message(#"{"24": "Person"}"#).hasSuffix(
        "found \"Person\"; the classes are \"Sky\", \"Building\", \"Pole\", "
          + "\"Road\", \"Pavement\", \"Tree\", \"SignSymbol\", \"Fence\", \"Car\", \"Pedestrian\", \"Bicyclist\""))
    for key in ["256", "-1", "sky", "01", "1.0", ""] {
      #expect(
        try message("{\"\(key)\": \"Sky\"}").contains("expected an id from 0 to 255 as the key, found \"\(key)\""))
    }
    #expect(try message(#"{"24": 3}"#).contains("`24`: expected a string, found 3"))
  }
}
