import Support

/// The interpretation of a sketch picture: white lines on black or black lines on white, and remarks about them.
///
/// A pixel's ink, 0...255, is its distance from the background: the maximum of its channels for white lines, 255 minus
/// their minimum for black ones, so that any color counts; times alpha, as a transparent canvas is background. If more
/// than half of the pixels would be lines that way, the background is colored, and luma is used instead. Pixels with an
/// ink of 128 or more are lines.
package struct SketchReading: Sendable {
  package enum Lines: String, CaseIterable, Sendable {
    case white
    case black

    /// The wording in messages.
    package var description: String {
      switch self {
      case .white: "white on black"
      case .black: "black on white"
      }
    }
  }

  package let edges: EdgeMap
  package let lines: Lines
  /// The share of pixels, 0...1, whose ink is between a quarter and three quarters of the range: ringing of JPEG, gray
  /// pencil, soft brushes.
  package let uncertainShare: Double
  /// The share of pixels on lines, 0...1.
  package let lineShare: Double
  /// The greatest ink found.
  private let strongestInk: UInt8

  /// - Parameter lines: The color of the lines; nil to detect it, as lines cover less than the background.
  package init(_ picture: Picture, lines: Lines? = nil) {
    let readings = (lines.map { [$0] } ?? Lines.allCases).map { lines in
      let byColor = InkPlane(of: picture, lines: lines, measure: .color)
      guard byColor.coversMostPixels else { return byColor }
      let byBrightness = InkPlane(of: picture, lines: lines, measure: .brightness)
      return byBrightness.lineCount < byColor.lineCount ? byBrightness : byColor
    }
    let likely = readings.filter { $0.lineCount > 0 && !$0.coversMostPixels }
    let chosen = (likely.isEmpty ? readings : likely).min { $0.lineCount < $1.lineCount }!
    self.lines = chosen.lines
    edges = EdgeMap(
      width: picture.width, height: picture.height, values: chosen.values.map { $0 >= InkPlane.threshold ? 1 : 0 })
    uncertainShare = Double(chosen.uncertainCount) / Double(chosen.values.count)
    lineShare = Double(chosen.lineCount) / Double(chosen.values.count)
    strongestInk = chosen.values.max() ?? 0
  }

  /// - Throws: As `Picture.init(contentsOfFile:)`.
  package init(contentsOfFile path: String, lines: Lines? = nil) throws {
    self.init(try Picture(contentsOfFile: path), lines: lines)
  }

  /// A clause about a sketch that is probably a mistake: without lines, with more lines than background, or with more
  /// than 1 % of uncertain pixels. Nil for any other.
  package var remark: String? {
    if lineShare == 0 { return "it shows no lines: \(strongestLine)" }
    if lineShare > 0.5 { return "\(Self.percent(lineShare)) of it are lines, if they are \(lines.description)" }
    guard uncertainShare > 0.01 else { return nil }
    return
      "\(Self.percent(uncertainShare)) of its pixels are between a quarter and three quarters of the range, neither "
      + "black nor white; those that are nearer to \(lines.rawValue) are lines"
  }

  /// The extreme value of a sketch without lines, and the values of lines.
  private var strongestLine: String {
    switch lines {
    case .white:
      "the brightest value found is \(strongestInk), and white lines are of 128 to 255"
        + (strongestInk > 0 ? "; multiply its values, so that the brightest is 255" : "")
    case .black: "the darkest value found is \(255 - strongestInk), and black lines are of 0 to 127"
    }
  }

  private static func percent(_ share: Double) -> String { (100 * share).decimals(1) + " %" }
}

/// The ink of each pixel, 0 on the background, 255 on a line.
private struct InkPlane {
  /// The quantity whose distance from the background is ink.
  enum Measure {
    /// The channel that is farthest from the background.
    case color
    case brightness
  }

  /// The least ink of a line.
  static let threshold: UInt8 = 128

  let lines: SketchReading.Lines
  let values: [UInt8]
  let lineCount: Int
  let uncertainCount: Int

  init(of picture: Picture, lines: SketchReading.Lines, measure: Measure) {
    let plane = measure == .brightness ? picture.gray() : picture
    var values = [UInt8](repeating: 0, count: picture.width * picture.height)
    var (lineCount, uncertainCount) = (0, 0)
    plane.pixels.withUnsafeBufferPointer { pixels in
      let isColor = plane.channels == 3
      for index in values.indices {
        var (least, greatest) = (pixels[isColor ? 3 * index : index], pixels[isColor ? 3 * index : index])
        if isColor {
          least = min(least, pixels[3 * index + 1], pixels[3 * index + 2])
          greatest = max(greatest, pixels[3 * index + 1], pixels[3 * index + 2])
        }
        var ink = lines == .white ? greatest : 255 - least
        if let alpha = picture.alpha { ink = UInt8((Int(ink) * Int(alpha[index]) + 127) / 255) }
        values[index] = ink
        lineCount += ink >= Self.threshold ? 1 : 0
        uncertainCount += (64...191).contains(ink) ? 1 : 0
      }
    }
    self.lines = lines
    self.values = values
    self.lineCount = lineCount
    self.uncertainCount = uncertainCount
  }

  var coversMostPixels: Bool { 2 * lineCount > values.count }
}
