package import Imaging
package import Support

/// The way by which examples that are loaded get the pixels of a condition: made of each, or read beside its picture.
package protocol ConditionSource: Sendable {
  /// The condition whose pixels it gives.
  var condition: Condition { get }

  /// Looks for whatever is read beside pictures, before the first of them is.
  ///
  /// - Throws: `Failure` of the kind `missingInput` that counts the pictures that lack it, and names the first ten.
  func check(_ pictures: PictureCollection) throws

  /// The pictures with and without whatever is read beside them, where some may lack it; nil where all must have it, or
  /// nothing is read.
  ///
  /// - Throws: As `check`.
  func coverage(of pictures: PictureCollection) throws -> ConditionCoverage?

  /// The pixels of a sample's condition.
  ///
  /// - Throws: `Failure` if a file cannot be used, with its name.
  func raster(of sample: ConditionSample) throws -> any ConditionRaster
}

extension ConditionSource {
  package func check(_ pictures: PictureCollection) throws {}

  package func coverage(of pictures: PictureCollection) throws -> ConditionCoverage? { nil }
}

/// The pictures of a collection that have a file of a condition beside them, and those that lack it.
package struct ConditionCoverage: Equatable, Sendable {
  /// The word for such a file, as in "label map".
  let noun: String
  /// The number of all pictures.
  let count: Int
  /// The names of the pictures without.
  let missing: [String]
  /// The file that the first of these should have.
  let expectation: String

  /// As in "label maps of 300 of 352 pictures".
  package var summary: String { "\(noun)s of \(count - missing.count) of \(count) pictures" }

  /// A sentence about the pictures that are used without; nil if there are none.
  package var remark: String? {
    missing.isEmpty ? nil : "\(missing.count) of \(count) pictures have no \(noun), and are used without: \(names)."
  }

  /// - Throws: `Failure` of the kind `missingInput` if a picture lacks the file.
  func requireAll() throws {
    guard !missing.isEmpty else { return }
    throw Failure(
      .missingInput,
      "\(missing.count) of \(count) pictures have no \(noun): \(names); expected, for the first one, \(expectation).")
  }

  /// - Throws: `Failure` of the kind `missingInput` if all pictures lack the file.
  func requireAny() throws {
    guard missing.count == count else { return }
    throw Failure(
      .missingInput, "None of the \(count) pictures has a \(noun): expected, for the first one, \(expectation).")
  }

  /// The first ten of the pictures without.
  private var names: String {
    missing.prefix(10).joined(separator: ", ") + (missing.count > 10 ? " and \(missing.count - 10) more" : "")
  }
}

/// A sample as conditions are made for it: where it comes from, and what is shown of that.
package struct ConditionSample: Sendable {
  /// The picture that was read or drawn, whole.
  package let source: LoadedPicture
  /// The part of the source that the example shows.
  package let geometry: CropGeometry
  /// The example's picture, without a hole.
  package let picture: Picture
  /// The key of random choices: the run's seed and the example's number.
  let seed: UInt64
  let number: Int

  init(source: LoadedPicture, geometry: CropGeometry, picture: Picture, seed: UInt64, number: Int) {
    self.source = source
    self.geometry = geometry
    self.picture = picture
    self.seed = seed
    self.number = number
  }

  /// A sample of whose conditions nothing is random.
  package init(source: LoadedPicture, geometry: CropGeometry) {
    self.init(source: source, geometry: geometry, picture: geometry.applied(to: source.picture), seed: 0, number: 0)
  }

  /// A stream of random numbers for a purpose, the same whenever the example is made.
  func stream(_ purpose: String) -> RandomStream { RandomStream(seed: seed, purpose: purpose, sample: number) }
}

/// One subsection of the section `data`: how a condition is made or where it is read, of pictures to train on and to
/// validate on.
package protocol ConditionSettings: Sendable {
  /// Its key in the section `data`, and the name of its condition.
  static var key: String { get }

  /// The settings that stand for a subsection that is absent, where a model wants the condition; nil if nothing can.
  static var usual: Self? { get }

  /// - Throws: `Failure` of the kind `configuration` for what cannot be meant.
  init(_ reader: JSONReader) throws

  /// Pictures of a folder or list that are no pictures to fill, since they belong to others.
  func companions(among pictures: [ListedPicture]) -> [ListedPicture]

  /// - Parameters:
  ///   - validates: Gives examples without augmentation, from where those to validate on are.
  ///   - onNotice: Gets a sentence for what is odd about files, from any thread.
  /// - Throws: `Failure` if there is no such folder or list.
  func source(validates: Bool, onNotice: @escaping @Sendable (String) -> Void) throws -> any ConditionSource
}

extension ConditionSettings {
  package static var usual: Self? { nil }
  /// The key as messages spell it.
  package var key: String { Self.key }

  package func companions(among pictures: [ListedPicture]) -> [ListedPicture] { [] }
}

/// The conditions that the section `data` can speak of, one line each.
package enum ConditionRegistry {
  package static let settings: [any ConditionSettings.Type] = [EdgeSettings.self, LabelSettings.self]

  /// Reads the subsections that are there, in the order above.
  package static func read(_ data: JSONReader) throws -> [any ConditionSettings] {
    try settings.compactMap { type in try data.optional(type.key).map { try type.init($0.object()) } }
  }

  /// Settings for all conditions that a model takes, and that do not follow from a picture and its hole.
  ///
  /// - Parameters:
  ///   - wanted: The model's conditions.
  ///   - given: What was read.
  /// - Returns: What was read, and what is usual for the conditions that nothing was read of.
  package static func settings(for wanted: [Condition], given: [any ConditionSettings]) -> [any ConditionSettings] {
    given
      + settings.compactMap { type in
        let isMissing = wanted.contains { $0.name == type.key } && !given.contains { $0.key == type.key }
        return isMissing ? type.usual : nil
      }
  }
}
