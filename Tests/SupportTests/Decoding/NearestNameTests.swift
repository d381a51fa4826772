import Testing

@testable import Support

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
