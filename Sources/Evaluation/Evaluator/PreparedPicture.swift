import Imaging
import InpaintingData
import Support
import Tensors

/// A picture that waits for its filling, with everything that needs no model already measured.
struct PreparedPicture: Sendable {
  /// The picture and its hole.
  let sample: Sample
  /// In the order of `FillingMethod.all`; nil for the model.
  let scores: [Scores?]
  /// Hashes of the name with the hole, and of the picture.
  let holeHash: String
  let pictureHash: String

  /// Fills the picture by every baseline, and measures it.
  init(_ sample: Sample) {
    self.sample = sample
    scores = FillingMethod.all.map { method in
      switch method {
      case .model: nil
      case .baseline(let baseline):
        Scores(
          of: baseline.fill(sample.picture, hole: sample.hole), original: sample.picture, hole: sample.hole)
      case .original: Scores(ofOriginal: sample.picture, hole: sample.hole)
      }
    }
    var hash = SHA256()
    hash.add(sample.name)
    hash.add(sample.hole.values)
    holeHash = hash.text
    hash = SHA256()
    hash.add(sample.picture.pixels)
    pictureHash = hash.text
  }

  /// The record of the picture with a model's filling, which is measured now.
  func record(filled: Picture) -> PictureRecord {
    let model = Scores(of: filled, original: sample.picture, hole: sample.hole)
    return PictureRecord(
      name: sample.name, missingCount: sample.hole.missingCount, pixelCount: sample.hole.values.count,
      scores: scores.map { $0 ?? model })
  }
}

extension Sample {
  /// The picture and its hole as a model takes them.
  var tensors: (image: Tensor, hole: Tensor) {
    let (height, width) = (picture.height, picture.width)
    return (
      Tensor(shape: [1, height, width, 3]) { writePicture(to: $0.baseAddress!) },
      Tensor(shape: [1, height, width, 1]) { writeHole(to: $0.baseAddress!) }
    )
  }
}
