import Testing

@testable import Imaging
@testable import Support

struct LabelClassListTests {
  private func list(_ text: String) throws -> LabelClasses {
    try withTemporaryFile(Array(text.utf8)) { try LabelClasses($0) }
  }

  private func message(_ text: String) throws -> String {
    let failure = try #require(throws: Failure.self) { _ = try list(text) }
    #expect(failure.kind == .configuration)
    return failure.message
  }

  private let two = #""classes": [{"name": "sky", "color": [1, 2, 3]}, {"name": "car", "color": [4, 5, 6]}]"#

  @Test func `A file gives classes, ids, pairs and meanings`() throws {
    let list = try list(
      "{\(two), \"first_id\": 1, \"ignore\": 9, \"pairs\": [[\"sky\", \"car\"]], \"remap\": {\"40\": \"car\", \"41\": \"ignore\"}}"
    )
    #expect(list.classes.map(\.name) == ["sky", "car"] && list.classes[1].color == RGB(4, 5, 6))
    #expect(list.firstID == 1 && list.ignoredID == 9)
    #expect(list.pairs == [LabelClasses.Pair(left: 0, right: 1)])
    #expect(list.remap.values == [40: 1, 41: LabelMap.ignored])
  }

  @Test func `All but the classes may be left out`() throws {
    let list = try list("{\(two)}")
    #expect(list.firstID == 0 && list.ignoredID == 255 && list.pairs.isEmpty && list.remap.isEmpty)
  }

  @Test func `Built-in lists come by their names`() throws {
    #expect(try LabelClasses("camvid") == .camVid)
    #expect(try LabelClasses("celebamask_hq_second") == .celebAMaskHQSecond)
  }

  @Test func `What is neither a list nor a file is named with the nearest`() throws {
    let failure = try #require(throws: Failure.self) { _ = try LabelClasses("camvd") }
    #expect(failure.kind == .missingInput)
    #expect(failure.message.hasPrefix("camvd: there is no such list of classes, expected camvid, celebamask_hq,"))
    #expect(failure.message.hasSuffix("did you mean \"camvid\"?"))
  }

  @Test func `Wrong keys, types and names are errors with the line and the key`() throws {
    #expect(
      try message("{\n\(two),\n \"ignored\": 3}").contains(":3:2: `ignored` is not a known key; did you mean `ignore`?")
    )
    #expect(try message("{}").contains("the key `classes` is missing"))
    #expect(try message(#"{"classes": []}"#).contains("`classes`: expected an array of 1 to 255 elements, found 0"))
    #expect(
      try message("{\n \"classes\": [{\"name\": \"sky\", \"color\": [1, 2, 300]}]}").contains(
        ":2:46: `classes[0].color[2]`"))
    #expect(
      try message(#"{"classes": [{"name": "sky", "color": [1, 2]}]}"#).contains("expected an array of 3 elements"))
    #expect(try message(#"{"classes": [{"name": "sky", "colour": [1, 2, 3]}]}"#).contains("is `colour` a misspelling"))
    #expect(
      try message("{\(two), \"ignore\": 1}").contains("expected an id beside those of the classes, 0 to 1, found 1"))
    #expect(try message("{\(two), \"ignore\": 256}").contains("`ignore`: expected a whole number from 0 to 255"))
    #expect(try message("{\(two), \"first_id\": 254}").contains("`first_id`: expected a whole number from 0 to 253"))
    #expect(try message("[]").contains("expected the configuration to be an object"))
    let twice = two.dropLast() + #", {"name": "sky", "color": [7, 7, 7]}]"#
    #expect(
      try message("{\(twice)}").contains("`classes[2]`: expected a name of its own for each class, found \"sky\" twice")
    )
    let painted = two.dropLast() + #", {"name": "sea", "color": [1, 2, 3]}]"#
    #expect(
      try message("{\(painted)}").contains(
        "`classes[2]`: expected a color of its own for each class, found (1, 2, 3) for \"sea\" and for \"sky\""))
    let reserved = two.dropLast() + #", {"name": "ignore", "color": [7, 7, 7]}]"#
    #expect(try message("{\(reserved)}").contains("neither empty nor \"ignore\""))
  }

  @Test func `Pairs name two classes, each once`() throws {
    #expect(try message("{\(two), \"pairs\": [[\"sky\", \"cra\"]]}").contains("`pairs[0][1]`: expected a class of"))
    #expect(try message("{\(two), \"pairs\": [[\"sky\", \"cra\"]]}").hasSuffix("found \"cra\"; did you mean \"car\"?"))
    #expect(try message("{\(two), \"pairs\": [[\"sky\"]]}").contains("expected an array of 2 elements, found 1"))
    #expect(try message("{\(two), \"pairs\": [[\"sky\", \"sky\"]]}").contains("found \"sky\" twice"))
  }
}

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
