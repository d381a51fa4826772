import Imaging
import Support

/// The label maps of built-in pictures.
struct SceneLabels: ConditionSource {
  let classes: LabelClasses

  var condition: Condition { .labels(classes) }

  func check(_ pictures: PictureCollection) throws {
    guard let kind = pictures.sceneKind else {
      throw Failure(
        .configuration, "`data.labels`: expected a `path` or a `column`, as these pictures are files, found neither.")
    }
    guard classes == kind.classes else {
      throw Failure(
        .configuration,
        "`data.labels.classes`: expected \"\(kind.classes.name)\", the classes of the built-in pictures \"\(kind.rawValue)\", "
          + "found \"\(classes.name)\".")
    }
  }

  func raster(of sample: ConditionSample) throws -> any ConditionRaster {
    guard let scene = sample.source.scene else {
      throw Failure(
        .data, "\(sample.source.name): expected a built-in picture, as only these have classes of their own.")
    }
    return sample.geometry.applied(to: scene.labels)
  }
}

/// The pictures that must have a label map.
enum LabelRequirement {
  /// All, as where predictions are compared with the maps.
  case all
  /// At least one, as in training: all pixels of the others are ignored.
  case some
  /// None, as where labels are only shown.
  case none

  /// - Throws: `Failure` of the kind `missingInput` if pictures lack a map that must have one.
  fileprivate func check(_ coverage: ConditionCoverage) throws {
    switch self {
    case .all: try coverage.requireAll()
    case .some: try coverage.requireAny()
    case .none: break
    }
  }
}

/// Label maps in files, one for each picture. All pixels of a picture without one are ignored, where that is allowed.
struct FileLabels: ConditionSource {
  /// The suffix of a map's name, after its picture's name and an underscore.
  static let suffix = "labels"

  let classes: LabelClasses
  let remap: LabelRemap
  let files: CompanionFiles
  let requirement: LabelRequirement
  let notices: Notices

  var condition: Condition { .labels(classes) }

  func check(_ pictures: PictureCollection) throws { try requirement.check(files.coverage(of: pictures)) }

  func coverage(of pictures: PictureCollection) throws -> ConditionCoverage? {
    requirement == .all ? nil : try files.coverage(of: pictures)
  }

  func raster(of sample: ConditionSample) throws -> any ConditionRaster {
    if requirement != .all, try files.fileIfAny(for: sample.source) == nil {
      return LabelMap(ignoredOf: sample, classes)
    }
    let file = try files.file(for: sample.source)
    let map = try LabelMap(contentsOfFile: file.path, classes: classes, remap: remap)
    let picture = sample.source.picture
    try map.requireSize(width: picture.width, height: picture.height, path: file.path)
    map.maskRemark(file.path).map(notices.add)
    return sample.geometry.applied(to: map)
  }
}

/// Label maps that are assembled from a mask for each part, in a size of their own. All pixels of a picture without
/// masks are ignored.
struct PartLabels: ConditionSource {
  let classes: LabelClasses
  let folder: String
  let masks: PartMasks
  let requirement: LabelRequirement

  var condition: Condition { .labels(classes) }

  func check(_ pictures: PictureCollection) throws { try requirement.check(partCoverage(of: pictures)) }

  func coverage(of pictures: PictureCollection) throws -> ConditionCoverage? { try partCoverage(of: pictures) }

  private func partCoverage(of pictures: PictureCollection) throws -> ConditionCoverage {
    guard !pictures.isGenerated, let count = pictures.count else {
      throw Failure(
        .configuration,
        "`data.labels`: expected pictures with part masks, found built-in ones; name pictures to train on by `data.train`."
      )
    }
    let missing = (0..<count).map { pictures.name(of: $0) }
      .filter { masks.files(forStem: PairedFiles.stem(of: $0)).isEmpty }
    return ConditionCoverage(
      noun: "part mask", count: count, missing: missing,
      expectation: "a file such as \(folder)/0/00000_skin.png, the number being the picture's name")
  }

  func raster(of sample: ConditionSample) throws -> any ConditionRaster {
    guard let map = try masks.labelMap(forStem: PairedFiles.stem(of: sample.source.name)) else {
      return LabelMap(ignoredOf: sample, classes)
    }
    let picture = sample.source.picture
    return sample.geometry.applied(to: try map.scaled(toWidth: picture.width, height: picture.height, path: folder))
  }
}

extension LabelMap {
  /// The map of a sample without labels: all pixels are ignored.
  fileprivate init(ignoredOf sample: ConditionSample, _ classes: LabelClasses) {
    self.init(ignoredOfWidth: sample.picture.width, height: sample.picture.height, classes: classes)
  }
}
