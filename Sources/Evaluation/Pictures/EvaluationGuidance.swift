package import Imaging
package import InpaintingData
import Support

/// The true label maps of an evaluation.
package struct EvaluationLabels: Sendable {
  /// The source of the maps; nil if predictions are not compared with any.
  private let source: (any ConditionSource)?

  /// Recognizes `generated`, for the maps of built-in pictures, `none`, or a folder of maps with the pictures' names.
  ///
  /// - Parameter classes: The classes of the maps.
  /// - Throws: `Failure` of the kind `missingInput` if there is no such folder, and the errors of listing it.
  package init(_ argument: String, classes: LabelClasses) throws {
    switch argument {
    case "generated": source = LabelSettings.scenes(of: classes)
    case "none": source = nil
    default:
      guard Path.isFolder(argument) else {
        throw Failure(
          .missingInput, "\(argument): expected \"generated\", \"none\" or a folder of label maps, found none there.")
      }
      source = try LabelSettings.files(in: argument, classes: classes)
    }
  }

  /// - Throws: `Failure` if pictures lack a map.
  func check(_ pictures: PictureCollection) throws { try source?.check(pictures) }

  /// The classes of an example's picture; nil if they are unknown.
  ///
  /// - Throws: `Failure` if its map cannot be used.
  func map(of picture: LoadedPicture, geometry: CropGeometry) throws -> LabelMap? {
    try source?.raster(of: ConditionSample(source: picture, geometry: geometry)) as? LabelMap
  }
}

/// The sketches of an evaluation: an input of guided networks, and the reference for the edges of filled pictures.
package enum EvaluationSketches: Sendable {
  /// The Canny edges of each original.
  case generated
  /// The network gets none; edges are compared with those of `generated`, to measure the effect of sketches.
  case none
  /// Sketch pictures in a folder, with the pictures' names.
  case files(folder: String, PairedFiles)

  /// Recognizes `generated`, `none`, or a folder.
  ///
  /// - Throws: `Failure` of the kind `missingInput` if there is no such folder, and the errors of listing it.
  package init(_ argument: String) throws {
    switch argument {
    case "generated": self = .generated
    case "none": self = .none
    default:
      guard Path.isFolder(argument) else {
        throw Failure(
          .missingInput,
          "\(argument): expected \"generated\", \"none\" or a folder of pictures of lines, found none there.")
      }
      self = .files(
        folder: argument, PairedFiles(try PictureSource.folder(argument).listing().pictures, suffix: "sketch"))
    }
  }

  /// A description of the sketches that a network got, to follow its name.
  package var description: String {
    switch self {
    case .generated: "guided by its originals' edges"
    case .none: "given no sketch"
    case .files(let folder, _): "guided by the sketches of \(folder)"
    }
  }

  /// True if the network gets sketches.
  var isGiven: Bool { if case .none = self { false } else { true } }

  /// The sketch of a picture at the size in which it is measured.
  ///
  /// - Parameters:
  ///   - picture: The picture at that size.
  ///   - source: The picture as stored in its file.
  ///   - geometry: The crop and size by which the picture is made from the source.
  /// - Throws: `Failure` if there is no sketch of its name, or it cannot be used.
  func edges(of picture: Picture, name: String, source: Picture, geometry: CropGeometry) throws -> EdgeMap {
    guard case .files(let folder, let paired) = self else { return CannyDetector().edges(of: picture) }
    let files = paired.files(forPicture: name)
    guard let file = files.first, files.count == 1 else {
      throw Failure(
        .data,
        "expected one sketch of it, such as \(folder)/\(PairedFiles.stem(of: name)).png, found \(files.count)")
    }
    let edges = try SketchReading(contentsOfFile: file.path).edges
    try edges.requireSize(of: source, file: file.path)
    return geometry.applied(to: edges)
  }
}
