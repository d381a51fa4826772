import Imaging
import Support

/// Makes samples of pictures: crop, flip, hole. Every random choice depends on the seed and the sample's number alone.
package struct SamplePreparation: Sendable {
  /// The side of a sample in pixels.
  package let size: Int
  /// How picture files are cut.
  package let crop: Crop
  /// Whether half of the pictures are mirrored.
  package let flip: Bool
  /// What makes the holes.
  package let holes: any HoleGenerator
  /// The key of all random choices, with the sample's number.
  package let seed: UInt64

  /// - Parameter crop: How files are cut; generated pictures are drawn in the right size.
  package init(size: Int, crop: Crop, flip: Bool, holes: any HoleGenerator, seed: UInt64) {
    precondition(size > 1, "SamplePreparation: expected a size of at least 2, found \(size)")
    self.size = size
    self.crop = crop
    self.flip = flip
    self.holes = holes
    self.seed = seed
  }

  /// Prepares one sample.
  ///
  /// - Parameters:
  ///   - number: The sample's number since the start of the run, or a validation picture's: the key of its crop and
  ///     flip.
  ///   - index: Which picture.
  ///   - holeNumber: The key of its hole; samples with the same one have the same hole. The sample's own number if nil.
  /// - Throws: `Failure` if the picture, or a hole picture, cannot be read.
  package func sample(
    number: Int, picture index: Int, of pictures: PictureCollection, holeNumber: Int? = nil
  ) throws -> Sample {
    let picture = try picture(number: number, picture: index, of: pictures)
    return Sample(picture: picture, hole: try hole(number: holeNumber ?? number), name: pictures.name(of: index))
  }

  /// The sample's picture, cut and mirrored.
  func picture(number: Int, picture index: Int, of pictures: PictureCollection) throws -> Picture {
    var picture = try pictures.picture(at: index, size: size)
    picture.alpha = nil
    var cropStream = RandomStream(seed: seed, purpose: "crop", sample: number)
    var flipStream = RandomStream(seed: seed, purpose: "flip", sample: number)
    if picture.width != size || picture.height != size {
      picture = crop.square(of: picture, size: size, using: &cropStream)
    }
    return flip && flipStream.chance(0.5) ? picture.flippedHorizontally() : picture
  }

  /// The hole with that key.
  func hole(number: Int) throws -> HoleRaster {
    var stream = RandomStream(seed: seed, purpose: "hole", sample: number)
    return try holes.hole(width: size, height: size, using: &stream)
  }
}
