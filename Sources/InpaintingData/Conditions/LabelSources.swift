import Imaging
import Support

/// The classes of built-in pictures.
struct SceneLabels: ConditionSource {
  let classes: LabelClasses

  var condition: Condition { .labels(classes) }

  func check(_ pictures: PictureCollection) throws {
    guard let kind = pictures.sceneKind else {
      throw Failure(
        .configuration, "`data.labels`: expected a `path` or a `column`, since these pictures are files; found neither."
      )
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
      throw Failure(.data, "\(sample.source.name): only built-in pictures have classes of their own.")
    }
    return sample.geometry.applied(to: scene.labels)
  }
}

/// Label maps that are files, one a picture.
struct FileLabels: ConditionSource {
  /// The ending of a map's name that has its picture's otherwise.
  static let suffix = "labels"

  let classes: LabelClasses
  let remap: LabelRemap
  let files: CompanionFiles
  let notices: Notices

  var condition: Condition { .labels(classes) }

  func check(_ pictures: PictureCollection) throws { try files.check(pictures) }

  func raster(of sample: ConditionSample) throws -> any ConditionRaster {
    let file = try files.file(for: sample.source)
    let map = try LabelMap(contentsOfFile: file.path, classes: classes, remap: remap)
    let picture = sample.source.picture
    try map.requireSize(width: picture.width, height: picture.height, path: file.path)
    map.maskRemark(file.path).map(notices.add)
    return sample.geometry.applied(to: map)
  }
}

/// Label maps that are put together of a file a part, in a size of their own.
struct PartLabels: ConditionSource {
  let classes: LabelClasses
  let folder: String
  let masks: PartMasks

  var condition: Condition { .labels(classes) }

  func check(_ pictures: PictureCollection) throws {
    guard !pictures.isGenerated, let count = pictures.count else {
      throw Failure(.configuration, "Built-in pictures have no part masks: name pictures to train on by `data.train`.")
    }
    let missing = (0..<count).filter { masks.files(forStem: PairedFiles.stem(of: pictures.name(of: $0))).isEmpty }
    guard !missing.isEmpty else { return }
    throw CompanionFiles.failure(
      missing.map { pictures.name(of: $0) }, of: count, noun: "part mask",
      expectation: "a file such as \(folder)/0/00000_skin.png, the number being the picture's name")
  }

  func raster(of sample: ConditionSample) throws -> any ConditionRaster {
    let name = sample.source.name
    guard let map = try masks.labelMap(forStem: PairedFiles.stem(of: name)) else {
      throw Failure(.missingInput, "There is no part mask of \(name) in \(folder).")
    }
    let picture = sample.source.picture
    return sample.geometry.applied(to: try map.scaled(toWidth: picture.width, height: picture.height, path: folder))
  }
}
