import Foundation
import Imaging
import Support

/// A request to fill pictures: the pictures, their holes, the outputs and the settings.
package struct InpaintingRequest: Sendable {
  /// A picture, or a folder of pictures.
  package var image: String
  /// A hole picture, or a folder of them; nil if holes are in the pictures' own alpha channels.
  package var hole: String?
  /// A sketch picture to follow, or a folder of them; nil for none.
  package var sketch: String?
  /// A label map to follow, or a folder of them; nil for the network's own labels.
  package var labels: String?
  /// A file, or a folder.
  package var output: String
  package var convention: HoleConvention
  /// The part of a picture that the network sees at once; nil chooses what suits each picture.
  package var strategy: FillingStrategy?
  /// The method of pasting the network's prediction into the hole; nil for `plain`.
  package var pasting: Pasting?
  /// The strength of the detail of patches that is added to a network's prediction, 0...1; nil for none.
  package var detail: Double?
  /// The method that fills in place of a network; nil if a network does.
  package var method: ClassicalFill?
  /// The seed of `patches`; nil for 0.
  package var seed: UInt64?
  /// The extension of outputs in a folder; nil keeps that of the inputs.
  package var format: String?
  /// The quality of JPEG and WebP files, 1 to 100. Nil is 95 for JPEG, and lossless for WebP.
  package var quality: Int?
  package var parts: ShownParts
  /// The maximum number of megapixels of a picture.
  package var maxMegapixels: Int
  /// True to replace outputs that exist.
  package var overwrites: Bool

  package init(
    image: String, hole: String?, sketch: String? = nil, labels: String? = nil, output: String,
    convention: HoleConvention = .white,
    strategy: FillingStrategy? = nil, pasting: Pasting? = nil, detail: Double? = nil, method: ClassicalFill? = nil,
    seed: UInt64? = nil,
    format: String? = nil, quality: Int? = nil, parts: ShownParts = [], maxMegapixels: Int = 1000,
    overwrites: Bool = false
  ) {
    self.image = image
    self.hole = hole
    self.sketch = sketch
    self.labels = labels
    self.output = output
    self.convention = convention
    self.strategy = strategy
    self.pasting = pasting
    self.detail = detail
    self.method = method
    self.seed = seed
    self.format = format
    self.quality = quality
    self.parts = parts
    self.maxMegapixels = maxMegapixels
    self.overwrites = overwrites
  }

  /// The sketch and the labels, as far as they are given.
  var guides: [(kind: ConditionFileKind, path: String)] {
    [(.sketch, sketch), (.labels, labels)].compactMap { kind, path in path.map { (kind, $0) } }
  }

  /// - Throws: `Failure` of the kind `usage` for settings that contradict one another or are out of range.
  func check() throws {
    if convention == .alpha, let hole {
      throw Failure(
        .usage,
        sentence: """
          \(setting: .hole, hole): expected none, as \(setting: .convention, "alpha") takes the hole from the picture \
          itself; leave it out.
          """)
    }
    if convention != .alpha, hole == nil {
      throw Failure(
        .usage,
        sentence: "\(setting: .hole): expected a hole picture, or \(setting: .convention, "alpha"), found neither.")
    }
    if let method, let setting = networkSetting {
      throw Failure(
        .usage,
        sentence: """
          \(setting: setting.name, setting.value): expected none, as \(setting: .method, method.rawValue) fills without a \
          network; leave it out.
          """)
    }
    if let seed, method != .patches {
      let filler = method.map { "\($0.rawValue) fills" } ?? "a network fills"
      throw Failure(
        .usage,
        sentence: """
          \(setting: .seed, String(seed)): expected none, as \(filler) without random numbers; leave it out, or set \
          \(setting: .method, "patches").
          """)
    }
    if let quality { try Setting.quality.require(quality, in: 1...100) }
    try Setting.maxMegapixels.require(maxMegapixels, in: 1...1_000_000)
    if let format, !OutputFile.extensions.contains(format.lowercased()) {
      throw Failure(
        .usage,
        sentence:
          "\(setting: .format): expected one of \(OutputFile.extensions.joined(separator: ", ")), found \(format).")
    }
  }

  /// The first setting that is for networks only.
  private var networkSetting: (name: Setting, value: String)? {
    if let sketch { return (.sketch, sketch) }
    if let labels { return (.labels, labels) }
    if let strategy { return (.strategy, strategy.rawValue) }
    if let pasting { return (.pasting, pasting.rawValue) }
    if let detail { return (.detail, String(detail)) }
    return parts.name.map { (.parts, $0) }
  }

  /// - Throws: `Failure` of the kind `usage` if the output's kind of file does not go with the settings.
  func check(_ output: OutputFile) throws {
    if output.contents == .tensors, let method {
      throw Failure(
        .usage,
        sentence: """
          \(output.path): expected the numbers of a network, found \(setting: .method, method.rawValue); leave that out, or \
          write a picture.
          """)
    }
    if output.contents == .tensors, pasting == .seamless {
      throw Failure(
        .usage,
        sentence: """
          \(output.path): expected the network's own numbers, found \(setting: .pasting, "seamless"); leave that out, or \
          write a picture.
          """)
    }
    if output.contents == .tensors, let detail {
      throw Failure(
        .usage,
        sentence: """
          \(output.path): expected the network's own numbers, found \(setting: .detail, String(detail)); leave that out, or \
          write a picture.
          """)
    }
    if output.contents == .tensors, strategy == .crop {
      throw Failure(
        .usage,
        sentence: """
          \(output.path): expected the numbers of a whole picture, found \(setting: .strategy, "crop"); leave that out, or \
          write a picture.
          """)
    }
    if case .picture(let format) = output.contents, !format.hasQuality, quality != nil {
      throw Failure(
        .usage,
        sentence:
          "\(output.path): expected no \(setting: .quality), as \(format.rawValue) is without loss; leave it out.")
    }
    if let format, format.lowercased() != (output.path as NSString).pathExtension.lowercased() {
      throw Failure(
        .usage,
        sentence: """
          \(output.path): expected a .\(format) file, found another; leave out \(setting: .format), or name another \
          \(setting: .output).
          """)
    }
  }

  /// True if the output has the extension of a file.
  var namesFileAsOutput: Bool {
    OutputFile.extensions.contains((output as NSString).pathExtension.lowercased())
  }
}

/// A kind of file that a network follows; its raw value is the suffix that names of such files in a folder may have.
enum ConditionFileKind: String {
  case sketch
  case labels

  var noun: String {
    switch self {
    case .sketch: "picture of lines"
    case .labels: "label map"
    }
  }

  var setting: Setting {
    switch self {
    case .sketch: .sketch
    case .labels: .labels
    }
  }
}

/// The properties that messages mention.
extension Setting {
  static let image = Setting("image")
  static let hole = Setting("hole")
  static let sketch = Setting("sketch")
  static let labels = Setting("labels")
  static let output = Setting("output")
  static let convention = Setting("convention")
  static let strategy = Setting("strategy")
  static let pasting = Setting("pasting")
  static let detail = Setting("detail")
  static let method = Setting("method")
  static let seed = Setting("seed")
  static let parts = Setting("parts")
  static let format = Setting("format")
  static let quality = Setting("quality")
  static let maxMegapixels = Setting("maxMegapixels")
  static let overwrites = Setting("overwrites")
}
