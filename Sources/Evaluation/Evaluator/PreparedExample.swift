import Imaging
import InpaintingData
import Support

/// An example that is to be filled by the model, with everything that needs no model already measured.
struct PreparedExample: Sendable {
  /// The picture and its hole.
  let example: Example
  /// The sketch that edges of filled pictures are compared with, if any.
  let sketch: EdgeMap?
  /// The classes of its pixels, if they are known.
  let labels: LabelMap?
  /// A remark on the reading of its hole.
  let remark: String?
  /// The scores in the order of `FillingMethod.all`; nil for the model.
  let scores: [Scores?]
  /// The picture filled by each method of `FillingMethod.all`, nil for the model; empty unless a network measures them.
  let fillings: [Picture?]
  /// The format of its file; nil for a built-in picture.
  let fileType: String?
  /// Hashes of the name with the hole, and of the picture.
  let holeHash: String
  let pictureHash: String

  /// Fills the picture with every baseline, and measures the results.
  ///
  /// - Parameter keepsFillings: True if networks measure the filled pictures, too.
  init(_ read: EvaluationExample, fileType: String?, keepsFilledPictures: Bool) {
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
    self.fillings = keepsFilledPictures ? fillings : []
    var hash = SHA256()
    hash.add(example.name)
    hash.add(example.hole.values)
    holeHash = hash.text
    hash = SHA256()
    hash.add(example.picture.pixels)
    pictureHash = hash.text
  }

  /// The scores of a filled picture by all metrics that need no network.
  private static func scores(of filled: Picture, _ example: Example, _ sketch: EdgeMap?) -> Scores {
    Scores(of: filled, original: example.picture, hole: example.hole).with(
      .edges, sketch.flatMap { EdgeFidelity.scores(of: filled, sketch: $0, hole: example.hole) })
  }

  /// The record of the picture, with the scores of the model, which are measured now.
  ///
  /// - Parameter similarities: LPIPS of each method, where it is measured.
  func record(filled: Picture, similarities: [RegionScores?]) -> PictureRecord {
    let model = Self.scores(of: filled, example, sketch)
    return PictureRecord(
      name: example.name, missingCount: example.hole.missingCount, pixelCount: example.hole.values.count,
      scores: zip(scores, similarities).map { ($0 ?? model).with(.lpips, $1) })
  }
}

/// The methods that are measured: the rows of a report's tables.
package enum FillingMethod: Equatable, Sendable {
  /// The network that is evaluated.
  case model
  /// A baseline without learning.
  case baseline(Baseline)
  /// The untouched picture, for metrics that need no reference.
  case original

  /// The model, the baselines, the originals.
  static let all: [FillingMethod] = [.model] + Baseline.allCases.map { .baseline($0) } + [.original]

  /// The name in JSON.
  var key: String {
    switch self {
    case .model: "model"
    case .baseline(let baseline): baseline.rawValue
    case .original: "original"
    }
  }

  /// True for methods in every report; older reports lack newer baselines.
  var isInEveryReport: Bool { self != .baseline(.patches) }

  /// The name in tables.
  var title: String {
    switch self {
    case .model: "Model"
    case .baseline(let baseline): baseline.title
    case .original: "Original"
    }
  }

  /// A description for display.
  var definition: String {
    switch self {
    case .model: "The network that is evaluated."
    case .baseline(let baseline): baseline.definition
    case .original: "The untouched pictures, for the metrics that need no comparison."
    }
  }
}
