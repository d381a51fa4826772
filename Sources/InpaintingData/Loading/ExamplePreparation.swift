import Imaging
import Support

/// The preparation of examples: crop, flip, hole and conditions. Every random choice depends on the seed and the
/// example's number alone.
package struct ExamplePreparation: Sendable {
  /// The side of an example in pixels.
  package let size: Int
  /// The cropping method for picture files.
  package let crop: Crop
  /// The sides of random squares as shares of the shorter side; nil for the rule of `Crop.random`.
  package let cropShare: ClosedRange<Double>?
  /// Flips half of the pictures horizontally.
  package let flip: Bool
  package let holes: any HoleGenerator
  /// The conditions that the model takes: those that are computed from a picture and its hole are computed here, in the
  /// background.
  package let conditions: [Condition]
  /// The sources of other conditions.
  package let sources: [any ConditionSource]
  /// The key of all random choices, with the example's number.
  package let seed: UInt64

  /// - Parameter crop: The cropping method for files; generated pictures are drawn at the right size.
  package init(
    size: Int, crop: Crop, cropShare: ClosedRange<Double>? = nil, flip: Bool, holes: any HoleGenerator,
    conditions: [Condition] = [], sources: [any ConditionSource] = [], seed: UInt64
  ) {
    precondition(size > 1, "ExamplePreparation: expected a size of at least 2, found \(size)")
    self.size = size
    self.crop = crop
    self.cropShare = cropShare
    self.flip = flip
    self.holes = holes
    self.conditions = conditions
    self.sources = sources
    self.seed = seed
  }

  /// Prepares one example with a hole of its own.
  ///
  /// - Parameters:
  ///   - number: The example's number since the start of the run, or a validation picture's: the key of its crop, flip
  ///     and hole.
  ///   - index: The picture's number in the collection.
  ///   - onSubstitute: Called with a sentence if a box replaces the hole: see `hole(number:onSubstitute:)`.
  /// - Throws: `Failure` if the picture cannot be read, or no hole picture can be used.
  package func example(
    number: Int, picture index: Int, of pictures: PictureCollection, onSubstitute: (String) -> Void = { _ in }
  ) throws -> Example {
    try example(number: number, picture: index, of: pictures) { try hole(number: number, onSubstitute: onSubstitute) }
  }

  /// Prepares one example with a given hole, which is requested once the picture has been read.
  func example(
    number: Int, picture index: Int, of pictures: PictureCollection, hole: () throws -> Hole
  ) throws -> Example {
    var source = try pictures.loaded(at: index, size: size)
    source.picture.alpha = nil
    let geometry = geometry(number: number, width: source.picture.width, height: source.picture.height)
    let picture = geometry.applied(to: source.picture)
    let hole = try hole()
    let sample = ConditionSample(source: source, geometry: geometry, picture: picture, seed: seed, number: number)
    return Example(
      picture: picture, hole: hole, conditions: Conditions(try sources.map { try $0.raster(of: sample) }),
      name: source.name
    ).supplied(with: conditions)
  }

  /// Draws the crop and the flip of an example from a source of a given size.
  func geometry(number: Int, width: Int, height: Int) -> CropGeometry {
    var cropStream = RandomStream(seed: seed, purpose: "crop", sample: number)
    var flipStream = RandomStream(seed: seed, purpose: "flip", sample: number)
    return crop.geometry(
      ofWidth: width, height: height, size: size, isFlipped: flip && flipStream.chance(0.5), share: cropShare,
      using: &cropStream)
  }

  /// The hole with a number.
  ///
  /// - Parameter onSubstitute: Called with a sentence if no drawing had both missing and known pixels, and a centered
  ///   box replaces the hole.
  func hole(number: Int, onSubstitute: (String) -> Void) throws -> Hole {
    var stream = RandomStream(seed: seed, purpose: "hole", sample: number)
    if let hole = try holes.hole(width: size, height: size, using: &stream) { return hole }
    onSubstitute(
      "The hole of sample \(number): \(HoleTries.count) drawings in a row left nothing to fill or nothing to fill it from "
        + "at \(size)x\(size), so a box in the middle took its place; smaller `holes` leave more.")
    return .centeredBox(width: size, height: size)
  }
}

/// The sharing of holes among the samples of a batch.
package enum HoleSharing: String, CaseIterable, Sendable {
  /// A hole for each sample.
  case perSample = "sample"
  /// One hole for the whole batch, as in the training of DeepFill's authors.
  case perBatch = "batch"
}
