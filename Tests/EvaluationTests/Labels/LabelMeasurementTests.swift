import Imaging
import InpaintingData
import Support
import TestSupport
import Testing

@testable import Evaluation

@Suite struct LabelMeasurementTests {
  /// Gray levels below 100 are night, the others day, dusk is nowhere.
  private static let classes = LabelClasses(
    name: "light",
    classes: ["night", "day", "dusk"].enumerated().map { .init(name: $1, color: RGB(UInt8($0), 0, 0)) })

  private static func labels(of picture: Picture, hole: Hole) -> LabelMap {
    // What is missing is taken for night.
    let values = (0..<picture.width * picture.height).map { index -> UInt8 in
      hole.values[index] == 0 && picture.pixels[3 * index] >= 100 ? 1 : 0
    }
    return LabelMap(width: picture.width, height: picture.height, values: values, classes: classes)
  }

  private func labeling(followsLabels: Bool = true) -> LabelPrediction {
    LabelPrediction(classes: Self.classes, followsLabels: followsLabels) { Self.labels(of: $0.picture, hole: $0.hole) }
  }

  /// A dark left half and a bright right half; the hole is a quarter of the left one and a quarter of the right one.
  private let picture = Picture(
    width: 8, height: 8, channels: 3, pixels: (0..<64).flatMap { [UInt8](repeating: $0 % 8 < 4 ? 20 : 200, count: 3) })
  private let hole = Hole(width: 8, height: 8) { x, y in y < 4 && x % 2 == 0 }

  private var example: Example { Example(picture: picture, hole: hole, name: "a") }

  /// Paints what is requested, as far as its obedience goes, and night where nothing is.
  private func fill(obedience: Int) -> (Example) -> Picture {
    { example in
      let requested = (example.conditions[.requestedLabels(Self.classes)] as? RequestedLabels)?.map
      var filled = example.picture
      for (index, missing) in example.hole.values.enumerated() where missing != 0 {
        let isDay = requested?.values[index] == 1 && index < obedience
        for channel in 0..<3 { filled.pixels[3 * index + channel] = isDay ? 200 : 20 }
      }
      return filled
    }
  }

  private func scores(_ labeling: LabelPrediction, truth: LabelMap?, obedience: Int) throws -> [String: Double] {
    var measurement = LabelMeasurement(labeling)
    let fill = fill(obedience: obedience)
    try measurement.add(example, truth: truth, filled: fill(example), fill: fill)
    let rows = measurement.finish().rows
    return Dictionary(rows.map { ($0.key, $0.value ?? .nan) }) { first, _ in first }
  }

  @Test func `predictions are compared with the truth beside the most frequent known class`() throws {
    let whole = Hole(width: 8, height: 8) { _, _ in false }
    let found = try scores(labeling(followsLabels: false), truth: Self.labels(of: picture, hole: whole), obedience: 64)
    // 16 pixels are missing, 8 of them day, and all are taken for night.
    #expect(found["mean_iou_hole"] == 0.25 && found["accuracy_hole"] == 0.5)
    #expect(found["mean_iou_whole"] == (32.0 / 40 + 24.0 / 32) / 2)
    // As many known pixels are night as day; the first is taken.
    #expect(found["mean_iou_frequent"] == 0.25)
    #expect(found["controllability"] == nil && found["followed"] == nil)
  }

  @Test(arguments: [(64, 1.0), (16, 0.5), (0, 0.0)])
  func `controllability is the part of the hole that gets the other class`(_ obedience: Int, _ expected: Double) throws
  {
    let found = try scores(labeling(), truth: nil, obedience: obedience)
    #expect(found["controllability"] == expected && found["controllability_unedited"] == 0)
    #expect(found["followed"] == 1 && found["mean_iou_hole"] == nil)
  }

  @Test func `a picture of one class cannot be asked for another`() throws {
    var measurement = LabelMeasurement(labeling())
    let dark = Example(picture: Picture(width: 8, height: 8, filledWith: [20, 20, 20]), hole: hole, name: "dark")
    try measurement.add(dark, truth: nil, filled: dark.picture) { $0.picture }
    let scores = measurement.finish()
    #expect(scores.editedCount == 0 && scores.rows.map(\.key) == ["followed"])
  }
}

@Suite struct ConfusionCountsTests {
  /// By hand: class 0 has 3 pixels, of which 2 are found and 1 is taken for 1; class 1 has 2, of which 1 is taken for 0.
  @Test func `intersections over unions, and accuracy`() {
    var counts = ConfusionMatrix(classes: 4)
    for (truth, predicted) in [(0, 0), (0, 0), (0, 1), (1, 1), (1, 0)] as [(UInt8, UInt8)] {
      counts.add(truth, predictedAs: predicted)
    }
    #expect(counts.meanIoU == (2.0 / 4 + 1.0 / 3) / 2 && counts.pixelAccuracy == 3.0 / 5)
    // A class that nothing has, and that something is taken for, counts; one that is nowhere does not.
    counts.add(1, predictedAs: 2)
    #expect(counts.meanIoU == (2.0 / 4 + 1.0 / 4 + 0) / 3)
  }

  @Test func `what is ignored counts nowhere, and of nothing there is no mean`() {
    var counts = ConfusionMatrix(classes: 2)
    #expect(counts.meanIoU == nil && counts.pixelAccuracy == nil)
    counts.add(LabelMap.ignored, predictedAs: 1)
    counts.add(1, predictedAs: LabelMap.ignored)
    #expect(counts == ConfusionMatrix(classes: 2))
  }

  @Test func `maps are counted inside a hole, or everywhere`() {
    let classes = LabelClasses(
      name: "two", classes: [.init(name: "a", color: RGB(0, 0, 0)), .init(name: "b", color: RGB(9, 9, 9))])
    let truth = LabelMap(width: 2, height: 2, values: [0, 0, 1, 1], classes: classes)
    let predicted = LabelMap(width: 2, height: 2, values: [0, 1, 1, 0], classes: classes)
    let hole = Hole(width: 2, height: 2) { _, y in y == 0 }
    var (inside, everywhere) = (ConfusionMatrix(classes: 2), ConfusionMatrix(classes: 2))
    inside.add(truth, predictedAs: predicted, in: hole)
    everywhere.add(truth, predictedAs: predicted)
    #expect(inside.meanIoU == 0.25 && everywhere.meanIoU == 1.0 / 3)
  }
}
