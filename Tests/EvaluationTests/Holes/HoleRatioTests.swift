import Testing

@testable import Evaluation

@Suite struct HoleRatioTests {
  @Test func `the classes follow one another without gap or overlap`() {
    #expect(HoleRatio.all.map(\.key) == ["0.01-0.1", "0.1-0.2", "0.2-0.3", "0.3-0.4", "0.4-0.5", "0.5-0.6"])
    for missing in 0...1000 {
      let classes = HoleRatio.all.filter { $0.contains(missing: missing, of: 1000) }
      #expect(classes.count == (missing > 10 && missing <= 600 ? 1 : 0))
    }
  }

  @Test(arguments: [256, 65_536, 63 * 63])
  func `the counts of a class are those that it contains`(count: Int) {
    for ratio in HoleRatio.all {
      let contained = (0...count).filter { ratio.contains(missing: $0, of: count) }
      #expect(contained == Array(ratio.missingCounts(of: count)))
    }
  }
}
