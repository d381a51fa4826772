import InpaintingData
import InpaintingModels
import Support

/// The data of a run: training and validation pictures with their holes and conditions.
struct TrainingData {
  /// The training pictures.
  let pictures: PictureCollection
  /// The validation pictures; nil if the run has no validation.
  let validationPictures: PictureCollection?
  /// The numbers of training and validation pictures and their size, as a line to print.
  let summary: String
  /// The coverage of each condition that pictures may lack, as lines to print.
  let conditionLines: [String]
  /// The list of all pictures of `data.train`, including those held out for validation; nil for built-in pictures.
  let list: PictureList?
  /// The statistics of the hole pictures, one for each collection of them; empty if no holes come from files.
  let holeSurveys: [HoleSurvey]
  private let configuration: DataConfiguration
  private let holes: any HoleGenerator
  private let conditions: [Condition]
  /// The sources of the conditions for training and for validation.
  private let sources, validationSources: [any ConditionSource]
  private let sharing: HoleSharing
  private let seed: UInt64

  /// Lists the pictures, splits off validation pictures, and surveys the hole pictures.
  ///
  /// - Parameters:
  ///   - conditions: The conditions that the model takes.
  ///   - seed: The seed of crops, flips, holes and built-in pictures.
  ///   - onNotice: Called with a sentence for each file that is left out, also after initialization and from any thread.
  /// - Throws: `Failure` of the kind `missingInput` or `data` if a folder of pictures or of hole pictures does not exist,
  ///   is empty, or has no picture that can be read.
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

  /// Starts a loader that prefetches training batches in the background.
  ///
  /// - Parameters:
  ///   - batchSize: The number of examples in a batch, over all ranks.
  ///   - share: The examples of each batch that this rank loads; nil for all of them.
  ///   - firstBatch: The index of the first batch, from 0; on resume, the number of batches taken before.
  ///   - onSkip: Called with a sentence for each picture that is skipped, from any thread.
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

  /// Prepares the validation: a collective call if there is one.
  ///
  /// - Parameters:
  ///   - communicator: The ranks among which the pictures are divided.
  ///   - onSkip: Called with a sentence for each picture that is left out.
  /// - Returns: Nil if the run has no validation, or if none of the pictures held out of the training pictures can be
  ///   read.
  /// - Throws: `Failure` of the kind `data` if no picture of `data.validation` can be read.
  func validation(
    _ communicator: any Communicator = SingleProcess(), onSkip: (String) -> Void
  ) throws -> Validation? {
    guard let validationPictures else { return nil }
    // Seed 0 and not that of the run: runs with different seeds validate on equal crops and holes and can be compared.
    let preparation = ExamplePreparation(
      size: configuration.size, crop: .center, flip: false, holes: holes, conditions: conditions,
      sources: validationSources, seed: 0)
    do {
      return try Validation(
        pictures: validationPictures, count: configuration.validationCount, preparation: preparation,
        communicator: communicator, onSkip: onSkip)
    } catch let failure as Failure where failure.kind == .data && configuration.validation == nil {
      // The pictures were held out automatically, not named by the user: the run can do without validation.
      onSkip("There is no validation: \(failure.message)")
      return nil
    }
  }

  /// Converts a loaded batch to tensors for the networks.
  func tensors(of batch: Batch) -> InpaintingBatch {
    InpaintingBatch(batch.examples, conditions: conditions, sharesHole: sharing == .perBatch)
  }

  /// The lines of `conditionLines`.
  ///
  /// - Parameter onNotice: Called with a sentence about training pictures that lack a condition.
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
