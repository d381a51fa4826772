import Imaging
import InpaintingData
import Support

/// An example that waits for its filling, with everything that needs no model already measured.
struct PreparedExample: Sendable {
  /// The picture and its hole.
  let example: Example
  /// The lines that fillings are compared with, if any.
  let sketch: EdgeMap?
  /// The classes of its pixels, if they are known.
  let labels: LabelMap?
  /// Remarks on how its hole was read.
  let remark: String?
  /// In the order of `FillingMethod.all`; nil for the model.
  let scores: [Scores?]
  /// The filling of each method of `FillingMethod.all`, nil for the model; empty unless a network is to see them.
  let fillings: [Picture?]
  /// The format of its file; nil of a built-in picture.
  let fileType: String?
  /// Hashes of the name with the hole, and of the picture.
  let holeHash: String
  let pictureHash: String

  /// Fills the picture by every baseline, and measures it.
  ///
  /// - Parameter keepsFillings: Whether networks are to see what the methods made of it.
  init(_ read: EvaluationExample, fileType: String?, keepsFillings: Bool) {
    let (example, sketch) = (read.example, read.sketch)
    self.example = example
    self.sketch = sketch
    labels = read.labels
    remark = read.remark
    self.fileType = fileType
    let fillings: [Picture?] = FillingMethod.all.map { method in
      switch method {
      case .model: nil
      case .baseline(let baseline): baseline.fill(example.picture, hole: example.hole)
      case .original: example.picture
      }
    }
    scores = zip(FillingMethod.all, fillings).map { method, filled in
      guard method != .original else { return Scores(ofOriginal: example.picture, hole: example.hole) }
      return filled.map { Self.scores(of: $0, example, sketch) }
    }
    self.fillings = keepsFillings ? fillings : []
    var hash = SHA256()
    hash.add(example.name)
    hash.add(example.hole.values)
    holeHash = hash.text
    hash = SHA256()
    hash.add(example.picture.pixels)
    pictureHash = hash.text
  }

  /// A filling's scores by everything but networks.
  private static func scores(of filled: Picture, _ example: Example, _ sketch: EdgeMap?) -> Scores {
    Scores(of: filled, original: example.picture, hole: example.hole).with(
      .edges, sketch.flatMap { EdgeFidelity.scores(of: filled, sketch: $0, hole: example.hole) })
  }

  /// The record of the picture with a model's filling, which is measured now.
  ///
  /// - Parameter similarities: LPIPS of each method, as far as it is measured.
  func record(filled: Picture, similarities: [RegionScores?]) -> PictureRecord {
    let model = Self.scores(of: filled, example, sketch)
    return PictureRecord(
      name: example.name, missingCount: example.hole.missingCount, pixelCount: example.hole.values.count,
      scores: zip(scores, similarities).map { ($0 ?? model).with(.lpips, $1) })
  }
}

/// Whose fillings are measured: the rows of a report's tables.
package enum FillingMethod: Equatable, Sendable {
  /// The network that is evaluated.
  case model
  /// A filling without learning.
  case baseline(Baseline)
  /// The untouched picture, for metrics that say something about a picture alone.
  case original

  /// The model, the baselines, the originals.
  static let all: [FillingMethod] = [.model] + Baseline.allCases.map { .baseline($0) } + [.original]

  /// Its name in JSON.
  var key: String {
    switch self {
    case .model: "model"
    case .baseline(let baseline): baseline.rawValue
    case .original: "original"
    }
  }

  /// True of what every report has; reports that are older than a baseline lack it.
  var isInEveryReport: Bool { self != .baseline(.patches) }

  /// The name in tables.
  var title: String {
    switch self {
    case .model: "Model"
    case .baseline(let baseline): baseline.title
    case .original: "Original"
    }
  }

  /// A description for people.
  var definition: String {
    switch self {
    case .model: "The network that is evaluated."
    case .baseline(let baseline): baseline.definition
    case .original: "The untouched pictures, for the metrics that need no comparison."
    }
  }
}
