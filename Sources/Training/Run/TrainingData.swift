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
  /// A line a condition that some pictures lack or may lack, for people.
  let conditionLines: [String]
  /// All pictures that the source of those to train on has; nil for built-in ones.
  let list: PictureList?
  /// The findings about the hole pictures, if there are any.
  let holeSurveys: [HoleSurvey]
  private let configuration: DataConfiguration
  private let holes: any HoleGenerator
  private let conditions: [Condition]
  /// The sources of conditions in training, and in validation.
  private let sources, validationSources: [any ConditionSource]
  private let sharing: HoleSharing
  private let seed: UInt64

  /// Lists the pictures, and looks at every hole picture.
  ///
  /// - Parameters:
  ///   - conditions: Those that the model takes.
  ///   - onNotice: Gets a sentence for each file that is left out, now or later, from any thread.
  /// - Throws: `Failure` of the kind `missingInput` or `data` if there is nothing to train on: no such folder, no pictures
  ///   in it, or none that can be read; the same of hole pictures.
  init(
    _ configuration: DataConfiguration, holes: HoleSettings, conditions: [Condition] = [], seed: UInt64,
    onNotice: @escaping @Sendable (String) -> Void
  ) throws {
    self.configuration = configuration
    self.conditions = conditions
    self.seed = seed
    let settings = ConditionRegistry.settings(for: conditions, given: configuration.conditions)
    func own(_ listing: PictureListing) -> PictureListing {
      listing.without(settings.flatMap { $0.companions(among: listing.pictures) })
    }
    let source = try PictureSource(configuration.train)
    let listing = own(try source.listing())
    let generator = try holes.shapes.generator(
      pictureSize: configuration.size, pictures: listing.pictures, onNotice: onNotice)
    let holePictures = generator.holePictures
    let holeFiles = holePictures.flatMap(\.files)
    self.holes = generator
    sharing = holes.sharing
    let all = try PictureCollection(source, seed: seed, listing: listing, holes: holeFiles)
    all.remarks.forEach(onNotice)
    list = PictureList(all)
    if let validation = configuration.validation {
      pictures = all
      let source = try PictureSource(validation)
      if source.isBuiltIn {
        let scenes = try PictureCollection(source, seed: seed)
        validationPictures = scenes.split(holdingOutAtMost: configuration.validationCount).heldOut
      } else {
        let files = try PictureCollection(source, seed: seed, listing: own(source.listing()), holes: holeFiles)
        files.remarks.forEach(onNotice)
        validationPictures = configuration.validationCount > 0 ? files : nil
      }
    } else {
      (pictures, validationPictures) = all.split(holdingOutAtMost: configuration.validationCount)
    }
    try pictures.requireReadable(size: configuration.size)
    sources = try settings.map { try $0.source(validates: false, onNotice: onNotice) }
    validationSources = try settings.map {
      try $0.source(validates: true, onNotice: onNotice)
    }
    for source in sources { try source.check(pictures) }
    if let validationPictures { for source in validationSources { try source.check(validationPictures) } }
    conditionLines = try Self.coverageLines(
      sources, validationSources, pictures, validationPictures, onNotice: onNotice)
    summary = Self.summary(configuration, pictures, validationPictures)
    holeSurveys = try holePictures.map { files in
      files.remarks.forEach(onNotice)
      let survey = try HoleSurvey(files, width: configuration.size, height: configuration.size)
      survey.warnings.forEach(onNotice)
      return survey
    }
  }

  /// Starts preparing batches in the background.
  ///
  /// - Parameter share: The examples of each batch that are loaded; nil for all of them.
  func loader(
    batchSize: Int, share: Range<Int>? = nil, firstBatch: Int, onSkip: @escaping @Sendable (String) -> Void
  ) -> BatchLoader {
    let preparation = ExamplePreparation(
      size: configuration.size, crop: configuration.crop, cropShare: configuration.cropShare, flip: configuration.flip,
      holes: holes, conditions: conditions, sources: sources, seed: seed)
    return BatchLoader(
      pictures: pictures, preparation: preparation, batchSize: batchSize, share: share, holes: sharing,
      workers: configuration.workers, firstBatch: firstBatch, onSkip: onSkip)
  }

  /// The pictures to validate on with their fixed holes, nil if there are none.
  ///
  /// - Parameter communicator: The processes that share them out.
  func validation(
    _ communicator: any Communicator = SingleProcess(), onSkip: (String) -> Void
  ) throws -> Validation? {
    guard let validationPictures else { return nil }
    // The same pictures and holes whatever the run's seed: runs can be compared.
    let preparation = ExamplePreparation(
      size: configuration.size, crop: .center, flip: false, holes: holes, conditions: conditions,
      sources: validationSources, seed: 0)
    do {
      return try Validation(
        pictures: validationPictures, count: configuration.validationCount, preparation: preparation,
        communicator: communicator, onSkip: onSkip)
    } catch let failure as Failure where failure.kind == .data && configuration.validation == nil {
      // Nobody chose these pictures: that they are damaged is no reason not to train.
      onSkip("There is no validation: \(failure.message)")
      return nil
    }
  }

  /// A batch as the networks take it.
  func tensors(of batch: Batch) -> InpaintingBatch {
    InpaintingBatch(batch.examples, conditions: conditions, sharesHole: sharing == .perBatch)
  }

  /// - Parameter onNotice: Is told of the pictures to train on that lack something.
  private static func coverageLines(
    _ sources: [any ConditionSource], _ validationSources: [any ConditionSource], _ pictures: PictureCollection,
    _ validation: PictureCollection?, onNotice: (String) -> Void
  ) throws -> [String] {
    try zip(sources, validationSources).compactMap { source, validationSource in
      guard let training = try source.coverage(of: pictures) else { return nil }
      training.remark.map(onNotice)
      let held = try validation.flatMap { try validationSource.coverage(of: $0) }
      return "\(source.condition.name): \(training.summary)" + (held.map { ", to validate on \($0.summary)" } ?? "")
    }
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
