/// The few things of color profiles that matter here (ICC.1:2022, section 7.2).
enum ICCProfile {
  /// The header and the number of tags.
  private static let shortest = 132

  /// True if the bytes are a profile, by its length and signature, for gray (1 channel) or for RGB (3).
  ///
  /// A profile for other colors than the picture's makes its colors wrong wherever it is shown: files are read as RGB,
  /// those for gray or inks too.
  static func describes(channels: Int, _ bytes: [UInt8]) -> Bool {
    guard (shortest...PictureMetadata.largestItem).contains(bytes.count) else { return false }
    let declaredLength = bytes[0..<4].reduce(0) { $0 << 8 | Int($1) }
    let colorSpace = channels == 1 ? "GRAY" : "RGB "
    return (shortest...bytes.count).contains(declaredLength)
      && bytes[36..<40].elementsEqual("acsp".utf8)
      && bytes[16..<20].elementsEqual(colorSpace.utf8)
  }
}
