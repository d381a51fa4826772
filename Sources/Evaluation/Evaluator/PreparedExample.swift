import Imaging
import InpaintingData
import Support

/// An example that waits for its filling, with everything that needs no model already measured.
struct PreparedExample: Sendable {
  /// The picture and its hole.
  let example: Example
  /// Remarks on how its hole was read.
  let remark: String?
  /// In the order of `FillingMethod.all`; nil for the model.
  let scores: [Scores?]
  /// Hashes of the name with the hole, and of the picture.
  let holeHash: String
  let pictureHash: String

  /// Fills the picture by every baseline, and measures it.
  init(_ example: Example, remark: String?) {
    self.example = example
    self.remark = remark
    scores = FillingMethod.all.map { method in
      switch method {
      case .model: nil
      case .baseline(let baseline):
        Scores(
          of: baseline.fill(example.picture, hole: example.hole), original: example.picture, hole: example.hole)
      case .original: Scores(ofOriginal: example.picture, hole: example.hole)
      }
    }
    var hash = SHA256()
    hash.add(example.name)
    hash.add(example.hole.values)
    holeHash = hash.text
    hash = SHA256()
    hash.add(example.picture.pixels)
    pictureHash = hash.text
  }

  /// The record of the picture with a model's filling, which is measured now.
  func record(filled: Picture) -> PictureRecord {
    let model = Scores(of: filled, original: example.picture, hole: example.hole)
    return PictureRecord(
      name: example.name, missingCount: example.hole.missingCount, pixelCount: example.hole.values.count,
      scores: scores.map { $0 ?? model })
  }
}
