import Tensors
import Testing

@testable import Support
@testable import Training

@Suite struct ConfigurationChangesTests {
  static let old: JSONValue = ["a": ["b": 1, "c": [1, 2]], "gone": true]

  @Test func `changes are named by their key paths in the newer order`() {
    let new: JSONValue = ["new": "x", "a": ["c": [1, 3], "b": 1]]
    #expect(
      Self.old.differences(from: new).map(\.description) == [
        "new was not set and is \"x\"", "a.c was [1,2] and is [1,3]", "gone was true and is not set",
      ])
  }

  @Test func `arrays of objects are compared element by element`() {
    let old: JSONValue = ["list": [["x": 1, "y": 2], ["x": 3]]]
    let new: JSONValue = ["list": [["x": 1, "y": 5]]]
    #expect(
      old.differences(from: new).map(\.description) == [
        "list[0].y was 2 and is 5", #"list[1] was {"x":3} and is not set"#,
      ])
    #expect(new.differences(from: old).last?.description == #"list[1] was not set and is {"x":3}"#)
  }

  @Test func `the order of keys is no change`() {
    #expect(Self.old.differences(from: ["gone": true, "a": ["c": [1, 2], "b": 1]]).isEmpty)
  }

  @Test func `key paths are removed at any depth`() {
    #expect(Self.old.removing([["a", "b"], ["gone"], ["absent", "x"]]) == ["a": ["c": [1, 2]]])
    let list: JSONValue = ["list": [["x": 1, "y": 2], ["x": 3, "y": 4]]]
    #expect(list.removing([["list", "1", "x"]]) == ["list": [["x": 1, "y": 2], ["y": 4]]])
  }
}
