import Imaging
import InpaintingData
import Support

/// The true label maps of an evaluation.
package struct EvaluationLabels: Sendable {
  /// Nil if predictions are compared with nothing.
  private let source: (any ConditionSource)?

  /// Recognizes `generated`, which are the maps of built-in pictures, `none`, or a folder of maps by the pictures' names.
  ///
  /// - Parameter classes: Those of the maps.
  /// - Throws: `Failure` of the kind `missingInput` if there is no such folder, and what listing it throws.
  package init(_ argument: String, classes: LabelClasses) throws {
    switch argument {
    case "generated": source = LabelSettings.scenes(of: classes)
    case "none": source = nil
    default:
      guard Path.isFolder(argument) else {
        throw Failure(
          .missingInput, "There is no \(argument): expected \"generated\", \"none\" or a folder of label maps.")
      }
      source = try LabelSettings.files(in: argument, classes: classes)
    }
  }

  /// - Throws: `Failure` if pictures lack a map.
  func check(_ pictures: PictureCollection) throws { try source?.check(pictures) }

  /// The classes of an example's picture; nil if nobody knows.
  ///
  /// - Throws: `Failure` if its map cannot be used.
  func map(of picture: LoadedPicture, geometry: CropGeometry) throws -> LabelMap? {
    try source?.raster(of: ConditionSample(source: picture, geometry: geometry)) as? LabelMap
  }
}
