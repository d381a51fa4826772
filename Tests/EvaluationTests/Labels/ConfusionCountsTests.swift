import Imaging
import TestSupport
import Testing

@testable import Evaluation

@Suite struct ConfusionCountsTests {
  /// By hand: class 0 has 3 pixels, of which 2 are found and 1 is taken for 1; class 1 has 2, of which 1 is taken for 0.
  @Test func `intersections over unions, and accuracy`() {
    var counts = ConfusionCounts(classes: 4)
    for (truth, predicted) in [(0, 0), (0, 0), (0, 1), (1, 1), (1, 0)] as [(UInt8, UInt8)] {
      counts.add(truth, takenFor: predicted)
    }
    #expect(counts.meanIoU == (2.0 / 4 + 1.0 / 3) / 2 && counts.pixelAccuracy == 3.0 / 5)
    // A class that nothing has, and that something is taken for, counts; one that is nowhere does not.
    counts.add(1, takenFor: 2)
    #expect(counts.meanIoU == (2.0 / 4 + 1.0 / 4 + 0) / 3)
  }

  @Test func `what is ignored counts nowhere, and of nothing there is no mean`() {
    var counts = ConfusionCounts(classes: 2)
    #expect(counts.meanIoU == nil && counts.pixelAccuracy == nil)
    counts.add(LabelMap.ignored, takenFor: 1)
    counts.add(1, takenFor: LabelMap.ignored)
    #expect(counts == ConfusionCounts(classes: 2))
  }

  @Test func `maps are counted inside a hole, or everywhere`() {
    let classes = LabelClasses(
      name: "two", classes: [.init(name: "a", color: RGB(0, 0, 0)), .init(name: "b", color: RGB(9, 9, 9))])
    let truth = LabelMap(width: 2, height: 2, values: [0, 0, 1, 1], classes: classes)
    let predicted = LabelMap(width: 2, height: 2, values: [0, 1, 1, 0], classes: classes)
    let hole = Hole(width: 2, height: 2) { _, y in y == 0 }
    var (inside, everywhere) = (ConfusionCounts(classes: 2), ConfusionCounts(classes: 2))
    inside.add(truth, takenFor: predicted, in: hole)
    everywhere.add(truth, takenFor: predicted)
    #expect(inside.meanIoU == 0.25 && everywhere.meanIoU == 1.0 / 3)
  }
}
