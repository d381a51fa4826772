package import Imaging
package import Support

/// A source of a condition's rasters for examples that are loaded: computed from pictures, or read from files that
/// belong to them.
package protocol ConditionSource: Sendable {
  /// The condition that the source provides.
  var condition: Condition { get }

  /// Checks that the files of all pictures exist, before the first one is read.
  ///
  /// - Throws: `Failure` of the kind `missingInput` that counts the pictures that lack it, and names the first ten.
  func check(_ pictures: PictureCollection) throws

  /// The pictures with and without a file, where files are optional; nil where they are required, or none are read.
  ///
  /// - Throws: As `check`.
  func coverage(of pictures: PictureCollection) throws -> ConditionCoverage?

  /// The raster of the condition for a sample.
  ///
  /// - Throws: `Failure` if a file cannot be used, with its name.
  func raster(of sample: ConditionSample) throws -> any ConditionRaster
}

extension ConditionSource {
  package func check(_ pictures: PictureCollection) throws {}

  package func coverage(of pictures: PictureCollection) throws -> ConditionCoverage? { nil }
}

/// The pictures of a collection with a condition's file, and those without.
package struct ConditionCoverage: Equatable, Sendable {
  /// The word for such a file, as in "label map".
  let noun: String
  /// The number of all pictures.
  let count: Int
  /// The names of the pictures without a file.
  let missing: [String]
  /// The file that the first of these should have.
  let expectation: String

  /// As in "label maps of 300 of 352 pictures".
  package var summary: String { "\(noun)s of \(count - missing.count) of \(count) pictures" }

  /// A sentence about the pictures that are used without a file; nil if there are none.
  package var remark: String? {
    missing.isEmpty ? nil : "\(missing.count) of \(count) pictures have no \(noun), and are used without: \(names)."
  }

  /// - Throws: `Failure` of the kind `missingInput` if a picture lacks the file.
  func requireAll() throws {
    guard !missing.isEmpty else { return }
    throw Failure(
      .missingInput,
      "the pictures: expected one \(noun) each, found none for \(missing.count) of \(count), \(names); for the first one it "
        + "would be \(expectation).")
  }

  /// - Throws: `Failure` of the kind `missingInput` if all pictures lack the file.
  func requireAny() throws {
    guard missing.count == count else { return }
    throw Failure(
      .missingInput,
      "the pictures: expected \(noun)s, found none for any of \(count); for the first one it would be \(expectation)."
    )
  }

  /// The first ten of the pictures without a file.
  private var names: String {
    missing.prefix(10).joined(separator: ", ") + (missing.count > 10 ? " and \(missing.count - 10) more" : "")
  }
}

/// The input of a condition source: a sample's source picture and its crop.
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

  /// A sample for conditions without random choices.
  package init(source: LoadedPicture, geometry: CropGeometry) {
    self.init(source: source, geometry: geometry, picture: geometry.applied(to: source.picture), seed: 0, number: 0)
  }

  /// A stream of random numbers for a purpose, the same every time that the example is prepared.
  func stream(_ purpose: String) -> RandomStream { RandomStream(seed: seed, purpose: purpose, sample: number) }
}

/// The settings of a condition, a subsection of the section `data`: the way of computing it, or the location of its
/// files, for training and validation.
package protocol ConditionSettings: Sendable {
  /// The key in the section `data`, and the name of the condition.
  static var key: String { get }

  /// The default settings where the subsection is absent and a model takes the condition; nil if there are none.
  static var usual: Self? { get }

  /// - Throws: `Failure` of the kind `configuration` for invalid settings.
  init(_ reader: JSONReader) throws

  /// Pictures of a folder or list that are not to be filled, since they belong to others.
  func companions(among pictures: [ListedPicture]) -> [ListedPicture]

  /// - Parameters:
  ///   - validates: True for validation: without augmentation, and from the validation path.
  ///   - onNotice: Called on any thread with a sentence about a suspicious file.
  /// - Throws: `Failure` if there is no such folder or list.
  func source(validates: Bool, onNotice: @escaping @Sendable (String) -> Void) throws -> any ConditionSource
}

extension ConditionSettings {
  package static var usual: Self? { nil }
  /// The key, for messages.
  package var key: String { Self.key }

  package func companions(among pictures: [ListedPicture]) -> [ListedPicture] { [] }
}

/// The conditions that have settings in the section `data`.
package enum ConditionRegistry {
  package static let settings: [any ConditionSettings.Type] = [EdgeSettings.self, LabelSettings.self]

  /// Reads the subsections that are present, in the order above.
  package static func read(_ data: JSONReader) throws -> [any ConditionSettings] {
    try settings.compactMap { type in try data.optional(type.key).map { try type.init($0.object()) } }
  }

  /// Settings for all conditions that a model takes, except those computed from a picture and its hole.
  ///
  /// - Parameters:
  ///   - wanted: The model's conditions.
  ///   - given: The settings that were read.
  /// - Returns: The settings that were read, and the defaults of the other conditions.
  package static func settings(for wanted: [Condition], given: [any ConditionSettings]) -> [any ConditionSettings] {
    given
      + settings.compactMap { type in
        let isMissing = wanted.contains { $0.name == type.key } && !given.contains { $0.key == type.key }
        return isMissing ? type.usual : nil
      }
  }
}
