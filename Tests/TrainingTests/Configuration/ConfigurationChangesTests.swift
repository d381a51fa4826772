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

  @Test func `the order of keys is no change`() {
    #expect(Self.old.differences(from: ["gone": true, "a": ["c": [1, 2], "b": 1]]).isEmpty)
  }

  @Test func `key paths are removed at any depth`() {
    #expect(Self.old.removing([["a", "b"], ["gone"], ["absent", "x"]]) == ["a": ["c": [1, 2]]])
  }
}
