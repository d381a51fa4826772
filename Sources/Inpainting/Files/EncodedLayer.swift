import Imaging
import Support

/// A file of a hole, of lines or of labels, read as fillings read it and written in the one way that needs no reading:
/// white on black, or indices with the palette of the classes.
package struct EncodedLayer: Sendable {
  /// The kind of the file, with all that its reading depends on.
  package enum Kind: Sendable {
    case hole(HoleConvention)
    case sketch
    case labels(LabelClasses)
  }

  /// A PNG file.
  package let png: [UInt8]
  /// Sentences on how the file was read.
  package let remarks: [Sentence]

  /// - Parameters:
  ///   - size: The size of the picture that the file goes with.
  ///   - maxMegapixels: The most millions of pixels that are accepted.
  /// - Precondition: The convention of a hole is not `alpha`, which needs no hole picture.
  /// - Throws: `Failure` of the kind `data` if the file has another size, cannot be read, or has a pixel without a class.
  package init(
    decoding bytes: [UInt8], as kind: Kind, size: (width: Int, height: Int), maxMegapixels: Int
  ) throws {
    let (name, noun) = kind.words
    let header = try PictureHeader(decoding: bytes, name: name, maxMegapixels: maxMegapixels)
    try LoadedTask.requireSize(size, of: header, file: name, noun: noun, EncodedInpainting.pictureName)
    func picture() throws -> Picture {
      try Picture(decoding: bytes, name: name, keepsGray: true, maxMegapixels: maxMegapixels)
    }
    switch kind {
    case .hole(let convention):
      let reading = HoleReading(try picture(), convention: convention)
      try LoadedTask.requireTold(reading, file: name)
      png = try reading.hole.picture.encoded(as: .png)
      remarks = LoadedTask.remarks(name, reading, convention: convention)
    case .sketch:
      let reading = SketchReading(try picture())
      let pixels = reading.edges.values.map { $0 * 255 }
      png = try Picture(width: size.width, height: size.height, channels: 1, pixels: pixels).encoded(as: .png)
      remarks = reading.remark.map { ["\(name): \($0)"] } ?? []
    case .labels(let classes):
      let map = try LabelMap(
        decoding: bytes, name: name, classes: classes, remap: LabelRemap(), maxMegapixels: maxMegapixels)
      png = try map.encodedPNG()
      remarks = []
    }
  }
}

extension EncodedLayer.Kind {
  /// The name of the file in sentences, and the word for what is expected.
  fileprivate var words: (name: String, noun: String) {
    switch self {
    case .hole: (EncodedInpainting.holeName, "hole picture")
    case .sketch: (EncodedInpainting.sketchName, GuideKind.sketch.noun)
    case .labels: (EncodedInpainting.labelsName, GuideKind.labels.noun)
    }
  }
}
