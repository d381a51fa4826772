import Imaging
import InpaintingData
import Support

/// The true label maps of an evaluation.
package enum EvaluationLabels: Sendable {
  /// Those of built-in pictures.
  case generated(any ConditionSource)
  /// There are none: predictions are compared with nothing.
  case none
  /// Files in a folder, by the pictures' names.
  case files(any ConditionSource)

  /// Recognizes `generated`, `none`, or a folder.
  ///
  /// - Parameter classes: Those of the maps.
  /// - Throws: `Failure` of the kind `missingInput` if there is no such folder, and what listing it throws.
  package init(_ argument: String, classes: LabelClasses) throws {
    switch argument {
    case "generated": self = .generated(LabelSettings.scenes(of: classes))
    case "none": self = .none
    default:
      guard Path.isFolder(argument) else {
        throw Failure(
          .missingInput, "There is no \(argument): expected \"generated\", \"none\" or a folder of label maps.")
      }
      self = .files(try LabelSettings.files(in: argument, classes: classes))
    }
  }

  private var source: (any ConditionSource)? {
    switch self {
    case .generated(let source), .files(let source): source
    case .none: nil
    }
  }

  /// - Throws: `Failure` if pictures lack a map.
  func check(_ pictures: PictureCollection) throws { try source?.check(pictures) }

  /// The classes of an example's picture; nil if nobody knows.
  ///
  /// - Throws: `Failure` if its map cannot be used.
  func map(of source: LoadedPicture, geometry: CropGeometry) throws -> LabelMap? {
    try self.source?.raster(of: ConditionSample(source: source, geometry: geometry)) as? LabelMap
  }
}
