import InpaintingData
import InpaintingModels
import Support

/// The pictures of a run, opened and divided into those to train on and those to validate on.
struct TrainingData {
  let pictures: PictureCollection
  /// Nil if nothing is validated.
  let validationPictures: PictureCollection?
  /// One line about both, for people.
  let summary: String
  /// All pictures that the source of those to train on has; nil for built-in ones.
  let list: PictureList?
  private let configuration: DataConfiguration
  private let holes: any HoleGenerator
  private let sharing: HoleSharing
  private let seed: UInt64

  /// - Throws: `Failure` of the kind `missingInput` or `data` if there is nothing to train on: no such folder, no pictures
  ///   in it, or none that can be read.
  init(_ configuration: DataConfiguration, holes: HoleSettings, seed: UInt64) throws {
    self.configuration = configuration
    self.seed = seed
    self.holes = try holes.shapes.generator(pictureSize: configuration.size)
    sharing = holes.sharing
    let all = try PictureCollection(PictureSource(configuration.train), seed: seed)
    list = PictureList(all)
    if let validation = configuration.validation {
      pictures = all
      let source = try PictureSource(validation)
      if source == .procedural {
        let scenes = try PictureCollection(.procedural, seed: seed)
        validationPictures = scenes.split(holdingOutAtMost: configuration.validationCount).heldOut
      } else {
        let files = try PictureCollection(source, seed: seed)
        validationPictures = configuration.validationCount > 0 ? files : nil
      }
    } else {
      (pictures, validationPictures) = all.split(holdingOutAtMost: configuration.validationCount)
    }
    try pictures.requireReadable(size: configuration.size)
    summary = Self.summary(configuration, pictures, validationPictures)
  }

  /// Starts preparing batches in the background.
  func loader(batchSize: Int, firstBatch: Int, onSkip: @escaping @Sendable (String) -> Void) -> BatchLoader {
    let preparation = ExamplePreparation(
      size: configuration.size, crop: configuration.crop, flip: configuration.flip, holes: holes, seed: seed)
    return BatchLoader(
      pictures: pictures, preparation: preparation, batchSize: batchSize, holes: sharing,
      workers: configuration.workers, firstBatch: firstBatch, onSkip: onSkip)
  }

  /// The pictures to validate on with their fixed holes, nil if there are none.
  func validation(onSkip: (String) -> Void) throws -> Validation? {
    guard let validationPictures else { return nil }
    // The same pictures and holes whatever the run's seed: runs can be compared.
    let preparation = ExamplePreparation(
      size: configuration.size, crop: .centre, flip: false, holes: holes, seed: 0)
    do {
      return try Validation(
        pictures: validationPictures, count: configuration.validationCount, preparation: preparation, onSkip: onSkip)
    } catch let failure as Failure where failure.kind == .data && configuration.validation == nil {
      // Nobody chose these pictures: that they are damaged is no reason not to train.
      onSkip("There is no validation: \(failure.message)")
      return nil
    }
  }

  /// A batch as the networks take it.
  func tensors(of batch: Batch) -> InpaintingBatch {
    InpaintingBatch(batch.examples, sharesHole: sharing == .perBatch)
  }

  private static func summary(
    _ configuration: DataConfiguration, _ pictures: PictureCollection, _ validation: PictureCollection?
  ) -> String {
    let training = pictures.count.map { "\($0) pictures of \(configuration.train)" } ?? "built-in pictures"
    let count = validation.map { min($0.count ?? .max, configuration.validationCount) } ?? 0
    let held = count == 0 ? "no validation" : "\(count) to validate on"
    return "\(training), \(held), at \(configuration.size)x\(configuration.size)"
  }
}
