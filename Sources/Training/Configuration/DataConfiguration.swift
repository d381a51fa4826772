package import InpaintingData
import Support

/// The section `data`: the data set, and how its pictures are cropped and augmented.
package struct DataConfiguration: Sendable {
  /// The training pictures: a folder, a list file, or the name of built-in pictures, such as `procedural`.
  package let train: String
  /// The validation pictures; nil holds out some of the training pictures.
  package let validation: String?
  /// The maximum number of validation pictures; 0 for no validation.
  package let validationCount: Int
  /// The side of the square crops that the network is trained on, in pixels.
  package let size: Int
  package let crop: Crop
  /// The side of a random crop as a fraction of the picture's shorter side; nil for the default of `Crop.random`.
  package let cropShare: ClosedRange<Double>?
  /// True to flip pictures horizontally at random.
  package let flip: Bool
  /// The number of worker threads that load pictures.
  package let workers: Int
  /// The conditions that are computed or read from files, such as edges.
  package let conditions: [any ConditionSettings]

  init(_ reader: JSONReader) throws {
    train = try reader.string("train", default: "procedural")
    validation = try reader.optional("validation")?.string()
    validationCount = try reader.integer("validation_count", in: 0...100_000, default: 16)
    size = try reader.integer("size", in: 8...4096, default: 256)
    crop = try reader.choice("crop", earlier: ["centre_crop": .center], default: .random)
    cropShare = try Self.cropShare(reader, crop)
    flip = try reader.boolean("flip", default: true)
    workers = try reader.integer("workers", in: 1...64, default: 2)
    conditions = try ConditionRegistry.read(reader)
  }

  private static func cropShare(_ reader: JSONReader, _ crop: Crop) throws -> ClosedRange<Double>? {
    guard let field = reader.optional("crop_share") else { return nil }
    guard crop == .random else {
      throw reader.failure(
        "`crop_share`: expected none, as it is of squares that are cut at random; leave it out, or set "
          + "`crop` to `\(Crop.random.rawValue)`")
    }
    let ends = try field.array(count: 2...2).map { try $0.real(in: 0...1) }
    guard ends[0] > 0, ends[0] <= ends[1] else {
      throw reader.failure(
        "`crop_share`: expected the least and the largest share, above 0 and up to 1, found [\(ends[0]), \(ends[1])]")
    }
    return ends[0]...ends[1]
  }

  /// - Parameter multiple: The number of pixels that the model needs `size` to be a multiple of.
  /// - Throws: `Failure` of the kind `configuration` if it is not.
  func requireMultiple(of multiple: Int, in reader: JSONReader) throws {
    guard size % multiple == 0 else {
      throw reader.failure("`size`: expected a multiple of \(multiple) for this model, found \(size)")
    }
  }
}

extension JSONValue {
  /// The configuration with `data.labels`, if present, as an object with `path` and `classes`. A string is taken as the path
  /// of the label maps, and missing classes are those of `model.classes`, if these are a string.
  var withLabelsSpelledOut: JSONValue {
    guard let labels = self["data"]?["labels"] else { return self }
    var spelled = labels
    if case .string = labels.content {
      spelled.content = .object([JSONMember(key: "path", keyPosition: labels.position, value: labels)])
    }
    if let members = spelled.members, spelled["classes"] == nil, let classes = self["model"]?["classes"],
      case .string = classes.content
    {
      spelled.content = .object([JSONMember(key: "classes", keyPosition: classes.position, value: classes)] + members)
    }
    return replacing("data") { $0.replacing("labels") { _ in spelled } }
  }

  private func replacing(_ key: String, by change: (JSONValue) -> JSONValue) -> JSONValue {
    guard let members else { return self }
    var changed = self
    changed.content = .object(
      members.map { $0.key == key ? JSONMember(key: $0.key, keyPosition: $0.keyPosition, value: change($0.value)) : $0 }
    )
    return changed
  }
}
