import Imaging
import InpaintingData

/// A picture that a report shows: the original, its hole, and the pictures filled by the model and the baselines.
package struct ShownExample: Sendable {
  /// The measurements of the picture.
  let record: PictureRecord
  /// The views, from left to right.
  let views: [View]

  /// One picture with a caption.
  struct View: Sendable {
    let title: String
    let picture: Picture
    /// The method that filled it; nil for the original and the picture with its hole.
    let method: FillingMethod?
  }

  /// Makes the views; the baselines fill the picture again.
  init(_ example: Example, record: PictureRecord, filled: Picture) {
    // White, as in hole pictures.
    let damaged = example.picture.withMissingPixels(of: example.hole, filledWith: 255)
    self.record = record
    let own: [View] = [
      View(title: FillingMethod.original.title, picture: example.picture, method: nil),
      View(title: "Hole", picture: damaged, method: nil),
      View(title: FillingMethod.model.title, picture: filled, method: .model),
    ]
    views =
      own
      + Baseline.allCases.map { baseline in
        let picture = baseline.fill(example.picture, hole: example.hole)
        return View(title: baseline.title, picture: picture, method: .baseline(baseline))
      }
  }
}

/// Pictures that are shown under one heading.
package struct ExampleGroup: Sendable {
  let title: String
  let examples: [ShownExample]
}

/// The rule by which shown pictures are chosen.
enum ExampleChoice {
  /// The maximum number of pictures in a group.
  static let groupSize = 3
  /// The column that pictures are ranked by.
  static let column = ScoreColumn(metric: .psnr, region: .hole)

  /// The best, the median and the worst pictures by the model's PSNR inside the hole; no picture twice.
  static func groups(of report: EvaluationReport) -> [(title: String, records: [PictureRecord])] {
    let values = report.records.map { $0.score(.model, column) ?? 0 }
    let ranked = values.indices.sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }
    let size = min(groupSize, max(1, ranked.count / 3))
    let middle = max(0, ranked.count - size) / 2
    var left = ranked
    func take(from start: Int) -> [PictureRecord] {
      let taken = ranked.dropFirst(start).prefix(size).filter(left.contains)
      left.removeAll(where: taken.contains)
      return taken.map { report.records[$0] }
    }
    let groups = [
      ("Best", take(from: 0)), ("Worst", take(from: ranked.count - size)), ("Median", take(from: middle)),
    ]
    return [groups[0], groups[2], groups[1]].filter { !$0.1.isEmpty }.map { (title: $0.0, records: $0.1) }
  }
}
