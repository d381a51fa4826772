/// The meaning of a PNG file's numbers where no profile gives it, as its chunks say (PNG, third edition, section 11.3.2).
/// Other formats have no such fields.
package struct PNGColorSpace: Equatable, Sendable {
  /// The chunk `gAMA`, 100 000 times the exponent.
  var gamma: UInt32?
  /// The chunk `cHRM`: white, red, green and blue, x and y each, 100 000 times.
  var chromaticities: [UInt32]?
  /// The chunk `sRGB`.
  var renderingIntent: UInt8?
  /// Chunks by their names, whose contents are kept as they are: `cICP`, `mDCV`, `cLLI`.
  var codes: [Code] = []

  /// A chunk of a few bytes.
  struct Code: Equatable, Sendable {
    let name: String
    let contents: [UInt8]
  }

  /// Chunks that are kept as they are, and their lengths.
  static let codeLengths = ["cICP": 4, "mDCV": 24, "cLLI": 8]

  /// Nothing of it, nil.
  var nonempty: PNGColorSpace? { self == PNGColorSpace() ? nil : self }

  /// Tells that colors look the same without the chunks: they say sRGB, as every format does that says nothing.
  var isUsual: Bool {
    if let code = codes.first(where: { $0.name == "cICP" }) { return code.contents == [1, 13, 0, 1] }
    if renderingIntent != nil { return true }
    let primaries = chromaticities ?? Self.usualChromaticities
    return abs(Int(gamma ?? Self.usualGamma) - Int(Self.usualGamma)) < 1000
      && zip(primaries, Self.usualChromaticities).allSatisfy { abs(Int($0) - Int($1)) < 200 }
  }

  private static let usualGamma: UInt32 = 45_455
  private static let usualChromaticities: [UInt32] = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000]

  /// The names of the chunks that matter: `cICP` stands above the others.
  var names: String {
    if codes.contains(where: { $0.name == "cICP" }) { return "cICP" }
    let names = (gamma == nil ? [] : ["gAMA"]) + (chromaticities == nil ? [] : ["cHRM"]) + codes.map(\.name)
    return names.joined(separator: ", ")
  }
}
