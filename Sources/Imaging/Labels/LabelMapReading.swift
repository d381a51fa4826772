import Support

extension LabelMap {
  /// Reads a PNG file of ids or of the palette's colors, as `LabelReading` says, upright.
  ///
  /// - Parameters:
  ///   - remap: The meanings of ids in this file. Nil for those of the list, which speaks of the files of its data set;
  ///     `LabelRemap()` for files with the list's own ids, as `encodedPNG()` has them.
  ///   - maxMegapixels: The most millions of pixels that are accepted.
  /// - Throws: `Failure` of kind `missingInput` if there is no such file, `inputOutput` if it cannot be read, `data` if it
  ///   is no PNG file of 8 bits, damaged or too large, or if a pixel has no class.
  package init(
    contentsOfFile path: String, classes: LabelClasses, remap: LabelRemap? = nil,
    maxMegapixels: Int = PictureHeader.usualMegapixels
  ) throws {
    if Path.isFolder(path) { throw Failure(.data, "\(path): expected a label map as PNG, found a folder") }
    var file = try PictureFile(path: path)
    try file.read(upTo: PictureFile.usualHeaderLength)
    try Self.requirePNG(file.bytes, name: path)
    try file.readToEnd(maxMegapixels: maxMegapixels)
    try self.init(decoding: file.bytes, name: path, classes: classes, remap: remap, maxMegapixels: maxMegapixels)
  }

  /// Decodes the bytes of a PNG file, as `init(contentsOfFile:)` does.
  ///
  /// - Parameter name: The name of the bytes in messages.
  /// - Throws: `Failure` of kind `data`.
  package init(
    decoding bytes: [UInt8], name: String, classes: LabelClasses, remap: LabelRemap? = nil,
    maxMegapixels: Int = PictureHeader.usualMegapixels
  ) throws {
    try Self.requirePNG(bytes, name: name)
    do {
      self = try bytes.withUnsafeBufferPointer { bytes in
        let decoder = try PNGDecoder(bytes)
        let header = try PictureHeader(of: decoder, name: name, maxMegapixels: maxMegapixels)
        guard header.bitsPerSample <= 8 else {
          throw Failure(
            .data,
            "\(name): expected a label map of at most 8 bits a channel, found \(header.bitsPerSample); save it with 8")
        }
        let palette = try decoder.palette()
        let stored =
          if decoder.hasPlainSamples {
            Picture(
              width: decoder.storedWidth, height: decoder.storedHeight, channels: 1, pixels: try decoder.decodeSamples()
            )
          } else {
            try decoder.decode(keepsGray: true)
          }
        let picture = stored.oriented(header.orientation)
        let reading = LabelReading(classes: classes, remap: remap ?? classes.remap, name: name, width: picture.width)
        return LabelMap(
          width: picture.width, height: picture.height, values: try reading.values(of: picture, palette: palette),
          classes: classes)
      }
    } catch let damage as Damage {
      throw damage.failure(.png, name: name)
    }
  }

  /// - Throws: `Failure` of kind `data` that says what the file seems to be instead.
  private static func requirePNG(_ bytes: [UInt8], name: String) throws {
    switch FileContent(of: bytes) {
    case .picture(.png): return
    case .picture(.jpeg):
      throw Failure(
        .data,
        "\(name): expected a label map as PNG, found a JPEG picture, which blurs the borders of classes; save it as PNG"
      )
    case .picture(let format):
      throw Failure(.data, "\(name): expected a label map as PNG, found a \(format.rawValue) picture; save it as PNG")
    case .other(let content):
      let advice = content.pictureKind == nil ? content.advice : "save it as PNG"
      throw Failure(.data, "\(name): expected a label map as PNG, found \(content.description); \(advice)")
    }
  }
}
