package import InpaintingData
import Support

/// The section `holes`: the shapes of holes, and whether all samples of a batch share one hole. Lengths are whole numbers of
/// pixels, or fractions of `data.size` above 0 and below 1; the resolved configuration of a run has pixels.
package struct HoleSettings: Sendable {
  package let shapes: HoleConfiguration
  package let sharing: HoleSharing

  init(_ reader: JSONReader, pictureSize: Int) throws {
    sharing = try reader.choice("per", default: .perSample)
    shapes = try HoleConfiguration(reader, pictureSize: pictureSize)
  }
}

/// The names of the kinds of holes in a configuration.
private enum HoleKind: String, CaseIterable {
  case box
  case freeForm = "free_form"
  case irregular
  case pictures
  case union
}

extension HoleConfiguration {
  fileprivate init(_ reader: JSONReader, pictureSize: Int) throws {
    switch try reader.choice("kind", of: HoleKind.self) {
    case .box: self = .box(try BoxHoles(reader, pictureSize: pictureSize))
    case .freeForm: self = .freeForm(try FreeFormHoles(reader, pictureSize: pictureSize))
    case .irregular: self = .irregular(try IrregularHoles(reader, pictureSize: pictureSize))
    case .pictures: self = .pictures(try PictureSource(reader.string("path")))
    case .union:
      guard let parts = try reader.value("of")?.array(count: 1...16) else {
        throw reader.failure("the key `of` is missing, expected an array of holes to lay on top of each other")
      }
      self = .union(try parts.map { try HoleConfiguration($0.object(), pictureSize: pictureSize) })
    }
  }
}

extension BoxHoles {
  fileprivate init(_ reader: JSONReader, pictureSize: Int) throws {
    let usual = BoxHoles(pictureSize: pictureSize)
    func length(_ key: String, from least: Int, default fallback: Int) throws -> Int {
      try reader.length(key, in: least...pictureSize, ofSide: pictureSize, default: fallback)
    }
    self.init(
      height: try length("height", from: 1, default: usual.height),
      width: try length("width", from: 1, default: usual.width),
      verticalMargin: try length("vertical_margin", from: 0, default: usual.verticalMargin),
      horizontalMargin: try length("horizontal_margin", from: 0, default: usual.horizontalMargin),
      maximumHeightDelta: try length("max_delta_height", from: 0, default: usual.maximumHeightDelta),
      maximumWidthDelta: try length("max_delta_width", from: 0, default: usual.maximumWidthDelta))
  }
}

extension FreeFormHoles {
  fileprivate init(_ reader: JSONReader, pictureSize: Int) throws {
    let usual = FreeFormHoles()
    self.init(
      strokes: try reader.range("strokes", within: 1...1000, default: usual.strokes),
      vertices: try reader.range("vertices", within: 1...1000, default: usual.vertices),
      brushWidth: try reader.lengths("brush_width", in: 1...4096, ofSide: pictureSize, default: usual.brushWidth))
  }
}

extension IrregularHoles {
  fileprivate init(_ reader: JSONReader, pictureSize: Int) throws {
    let usual = IrregularHoles()
    let fraction = try reader.reals(
      "fraction", count: 2...2, in: 0...1, default: [usual.fraction.lowerBound, usual.fraction.upperBound])
    guard fraction[0] <= fraction[1] else {
      throw reader.failure("`fraction`: expected [lowest, highest], found \(fraction)")
    }
    self.init(
      strokes: try reader.range("strokes", within: 1...1000, default: usual.strokes),
      segments: try reader.range("segments", within: 1...1000, default: usual.segments),
      directions: try reader.integer("directions", in: 1...360, default: usual.directions),
      length: try reader.lengths("length", in: 0...4096, ofSide: pictureSize, default: usual.length),
      brushWidth: try reader.lengths("brush_width", in: 1...4096, ofSide: pictureSize, default: usual.brushWidth),
      fraction: fraction[0]...fraction[1])
  }
}

extension JSONReader {
  /// A range of whole numbers, written [lowest, highest].
  fileprivate func range(
    _ key: String, within limits: ClosedRange<Int>, default fallback: ClosedRange<Int>
  ) throws -> ClosedRange<Int> {
    let bounds = try integers(key, count: 2...2, in: limits, default: [fallback.lowerBound, fallback.upperBound])
    guard bounds[0] <= bounds[1] else {
      throw failure("`\(key)`: expected [lowest, highest], found \(bounds)")
    }
    return bounds[0]...bounds[1]
  }
}
