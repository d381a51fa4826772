package import Imaging
package import Support
package import Tensors

extension Condition {
  /// The one-hot classes of pixels, one channel a class; ignored pixels are 0 in all channels.
  package static func labels(_ classes: LabelClasses) -> Condition { Condition("labels", channels: classes.count) }
}

extension LabelMap: ConditionRaster {
  package var condition: Condition { .labels(classes) }

  package func write(to destination: UnsafeMutablePointer<Scalar>) {
    destination.initialize(repeating: 0, count: values.count * classes.count)
    for (index, value) in values.enumerated() where value != LabelMap.ignored {
      destination[index * classes.count + Int(value)] = 1
    }
  }

  package func shown(with hole: Hole) -> Picture { colors }

  package var shares: [(name: String, share: Double)] {
    let shares = shares()
    return zip(classes.classes, shares.classes).map { ($0.name, $1) } + [("ignored", shares.ignored)]
  }
}

extension Condition {
  /// The one-hot classes that a prediction should follow inside the hole, one channel a class; 0 in all channels where
  /// the network decides.
  package static func requestedLabels(_ classes: LabelClasses) -> Condition {
    Condition("requested labels", channels: classes.count)
  }
}

/// A label map that a prediction should follow.
package struct RequestedLabels: ConditionRaster {
  /// The requested classes; ignored pixels are left to the network.
  package let map: LabelMap

  package init(_ map: LabelMap) { self.map = map }

  /// Reads a map that this program wrote, and that may have been edited: the list's own ids, or its colors.
  ///
  /// - Throws: As `LabelMap.init(contentsOfFile:)`.
  package init(contentsOfFile path: String, classes: LabelClasses, maxMegapixels: Int) throws {
    map = try LabelMap(
      contentsOfFile: path, classes: classes, remap: LabelRemap(), maxMegapixels: maxMegapixels)
  }

  /// The classes in a hole, the most frequent first, each with its share: `road 60 %, car 40 %`.
  ///
  /// - Parameter hole: Of the map's size.
  package func shares(in hole: Hole) -> String {
    let counts = counts(in: hole)
    let total = max(1, counts.reduce(0, +))
    return counts.indices.filter { counts[$0] > 0 }
      .sorted { (counts[$1], $0) < (counts[$0], $1) }
      .map { value in
        let name = value == LabelMap.ignored ? "left to the network" : map.classes.name(ofValue: UInt8(value))
        return "\(name) \((100 * counts[value] + total / 2) / total) %"
      }
      .joined(separator: ", ")
  }

  /// A clause about a map that requests nothing in the hole; nil for others.
  package func remark(in hole: Hole) -> String? {
    let missing = zip(hole.values, map.values).contains { $0 != 0 && $1 != LabelMap.ignored }
    return hole.isEmpty || missing ? nil : "no pixel of the hole has a class, so that the network's own labels stay"
  }

  /// The number of pixels in a hole for each value.
  private func counts(in hole: Hole) -> [Int] {
    var counts = [Int](repeating: 0, count: 256)
    for (missing, value) in zip(hole.values, map.values) where missing != 0 { counts[Int(value)] += 1 }
    return counts
  }

  package var width: Int { map.width }
  package var height: Int { map.height }
  package var condition: Condition { .requestedLabels(map.classes) }

  package func write(to destination: UnsafeMutablePointer<Scalar>) { map.write(to: destination) }
  package func shown(with hole: Hole) -> Picture { map.colors }
  package func cropped(to part: PixelRectangle) -> RequestedLabels { RequestedLabels(map.cropped(to: part)) }
  package func flippedHorizontally() -> RequestedLabels { RequestedLabels(map.flippedHorizontally()) }

  package func resized(toWidth width: Int, height: Int) -> RequestedLabels {
    RequestedLabels(map.resized(toWidth: width, height: height))
  }

  package func reflected(toWidth width: Int, height: Int) -> RequestedLabels {
    RequestedLabels(map.reflected(toWidth: width, height: height))
  }
}

/// The subsection `data.labels`: the classes of the pictures' pixels, and where their label maps are.
package struct LabelSettings: ConditionSettings {
  package static let key = "labels"

  /// The origin of the maps.
  enum Origin: Sendable {
    /// Built-in pictures, which have maps of their own.
    case scene
    case files(CompanionSettings, LabelRemap)
    /// A mask for each class and picture, as in CelebAMask-HQ.
    case parts(CompanionSettings)
  }

  private enum Layout: String, CaseIterable {
    case maps
    case parts = "celebamask_hq_parts"
  }

  package let classes: LabelClasses
  let origin: Origin

  package init(_ reader: JSONReader) throws {
    let classes = try LabelClasses(reader.string("classes", default: LabelClasses.procedural.name))
    let remap = try reader.optional("remap").map { try LabelRemap($0.object(), classes: classes) }
    let layout = try reader.choice("layout", default: Layout.maps)
    let files = try CompanionSettings(reader)
    let origin: Origin =
      switch layout {
      case .maps where files.areBeside: .scene
      case .maps: .files(files, classes.remap.merging(remap ?? LabelRemap()))
      case .parts: .parts(files)
      }
    if case .parts = origin, files.path == nil {
      throw reader.failure("expected the `path` of a folder for the layout of parts, found none")
    }
    var isOfFiles = false
    if case .files = origin { isOfFiles = true }
    guard remap == nil || isOfFiles else {
      throw reader.failure(
        "`remap`: expected files, whose ids it gives a meaning, found none; leave it out, or name files by `path` or `column`"
      )
    }
    self.classes = classes
    self.origin = origin
  }

  /// The maps of built-in pictures.
  package static func scenes(of classes: LabelClasses) -> any ConditionSource { SceneLabels(classes: classes) }

  /// The maps in a folder, by the pictures' names.
  ///
  /// - Throws: As `PictureSource.listing()`.
  package static func files(in folder: String, classes: LabelClasses) throws -> any ConditionSource {
    FileLabels(
      classes: classes, remap: classes.remap,
      files: try CompanionSettings(folder: folder).files(validates: true, suffix: FileLabels.suffix, noun: "label map"),
      requirement: .all, notices: Notices(limit: 0, rest: "") { _ in })
  }

  package func source(
    validates: Bool, onNotice: @escaping @Sendable (String) -> Void
  ) throws -> any ConditionSource {
    // Validation compares nothing with the maps.
    let requirement = validates ? LabelRequirement.none : .some
    return switch origin {
    case .scene: SceneLabels(classes: classes)
    case .files(let settings, let remap):
      FileLabels(
        classes: classes, remap: remap,
        files: try settings.files(validates: validates, suffix: FileLabels.suffix, noun: "label map"),
        requirement: requirement,
        notices: Notices(limit: 10, rest: "More label maps are like that; they are not named.", say: onNotice))
    case .parts(let settings):
      PartLabels(
        classes: classes, folder: settings.root(validates: validates),
        masks: try PartMasks(folder: settings.root(validates: validates), classes: classes), requirement: requirement)
    }
  }
}
