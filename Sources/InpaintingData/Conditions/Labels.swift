import Imaging
import Support
import Tensors

extension Condition {
  /// The classes of pixels, one channel a class: 1 in that of the pixel's, 0 elsewhere and wherever a pixel belongs to none.
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

/// The subsection `data.labels`: the classes of the pictures' pixels, and where their label maps are.
package struct LabelSettings: ConditionSettings {
  package static let key = "labels"

  /// The origin of the maps.
  enum Origin: Sendable {
    /// Built-in pictures, which have maps of their own.
    case scene
    case files(CompanionSettings, LabelRemap)
    /// A file a class and picture, as CelebAMask-HQ has them.
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
      throw reader.failure("the layout of parts is that of a folder: expected its `path`")
    }
    var isOfFiles = false
    if case .files = origin { isOfFiles = true }
    guard remap == nil || isOfFiles else {
      throw reader.failure("`remap` gives ids of files a meaning: leave it out, or name files by `path` or `column`")
    }
    self.classes = classes
    self.origin = origin
  }

  package func source(
    validates: Bool, onNotice: @escaping @Sendable (String) -> Void
  ) throws -> any ConditionSource {
    switch origin {
    case .scene: SceneLabels(classes: classes)
    case .files(let settings, let remap):
      FileLabels(
        classes: classes, remap: remap,
        files: try settings.files(validates: validates, suffix: FileLabels.suffix, noun: "label map"),
        notices: Notices(limit: 10, rest: "More label maps are like that; they are not named.", say: onNotice))
    case .parts(let settings):
      PartLabels(
        classes: classes, folder: settings.root(validates: validates),
        masks: try PartMasks(folder: settings.root(validates: validates), classes: classes))
    }
  }
}
