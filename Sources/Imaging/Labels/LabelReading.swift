import Support

/// The interpretation of a label map's file. Only this decides whether its pixels are ids or colors.
///
/// * * A grayscale file has ids.
/// * An RGB file has colors, each of which must be in the palette of the classes.
/// * An indexed file has ids, whether its palette is that of the classes, as this program writes it, or an unrelated
///   one, as in Pascal VOC. But some paint programs reorder the palette on saving: if the color of a class is at the
///   index of another one, and at least half of the file's palette are colors of classes, the colors decide.
/// * A remap refers to ids, so that with one an indexed file has ids; it is refused if its colors mean other classes
///   and the remap does not mention those ids.
///
/// Pixels must be opaque if their colors decide; the alpha of ids is ignored.
struct LabelReading {
  let classes: LabelClasses
  let remap: LabelRemap
  /// The name of the file in messages.
  let name: String
  /// The width of the picture in pixels.
  let width: Int

  /// The indices of classes, or `LabelMap.ignored`.
  ///
  /// - Parameters:
  ///   - picture: One channel of ids or indices, or three of colors.
  ///   - palette: The palette of an indexed file; nil for others.
  /// - Throws: `Failure` of kind `data` that names the first pixel without a class.
  func values(of picture: Picture, palette: [PNGDecoder.PaletteEntry]?) throws -> [UInt8] {
    if let transparent = picture.alpha?.firstIndex(where: { $0 != 255 }) { throw transparency(at: transparent) }
    if picture.channels == 3 { return try values(ofColors: picture) }
    if let palette { return try values(ofIndices: picture.pixels, palette: palette) }
    return try values(ofIDs: picture.pixels) { remap.values[$0] ?? classes.value(ofID: $0) }
  }

  // MARK: Ids

  private func values(ofIDs ids: [UInt8], meaning: (UInt8) -> UInt8?) throws -> [UInt8] {
    let meanings = (0...UInt8.max).map(meaning)
    let table = meanings.map { $0 ?? 0 }
    guard let wrong = ids.firstIndex(where: { meanings[Int($0)] == nil }) else { return ids.map { table[Int($0)] } }
    let count = ids.count { meanings[Int($0)] == nil }
    throw Failure(
      .data,
      "\(name): the value \(ids[wrong]) \(place(wrong)) is no class of \(classes.name), expected \(classes.idsInWords)"
        + "; \(count) of \(ids.count) pixels have such values, to which a remap can give a class")
  }

  // MARK: Indices

  private func values(ofIndices indices: [UInt8], palette: [PNGDecoder.PaletteEntry]) throws -> [UInt8] {
    let colors = ClassColors(classes)
    func color(_ index: UInt8) -> RGB? { Int(index) < palette.count ? palette[Int(index)].color : nil }
    let used = Set(indices)
    let isClassPalette = colors.make(halfOf: palette)
    let moved = used.filter { index in
      guard isClassPalette, let found = color(index), colors.classes[found] != nil else { return false }
      return classes.value(ofID: index).map { classes.color(ofValue: $0) } != found
    }
    guard remap.isEmpty else {
      if let index = moved.subtracting(remap.values.keys).min(), let found = color(index) {
        throw contradiction(index, found, at: indices.firstIndex(of: index) ?? 0)
      }
      return try values(ofIDs: indices) { remap.values[$0] ?? classes.value(ofID: $0) }
    }
    if moved.isEmpty {
      return try values(ofIDs: indices) { index in
        classes.value(ofID: index)
          ?? (isClassPalette && color(index) == classes.ignoredColor ? LabelMap.ignored : nil)
      }
    }
    if let transparent = indices.firstIndex(where: { Int($0) < palette.count && palette[Int($0)].alpha != 255 }) {
      throw transparency(at: transparent)
    }
    let table = try (0...UInt8.max).map { index -> UInt8 in
      guard used.contains(index), let first = indices.firstIndex(of: index) else { return 0 }
      guard let found = color(index) else {
        throw Failure(
          .data, "\(name): expected a color in the file's palette for the index \(index) \(place(first)), found none")
      }
      if let value = try value(of: found, colors, at: first) { return value }
      throw foreign(found, at: first, advice: Self.smoothingAdvice)
    }
    return indices.map { table[Int($0)] }
  }

  // MARK: Colors

  private func values(ofColors picture: Picture) throws -> [UInt8] {
    let colors = ClassColors(classes)
    let pixels = picture.pixels
    func color(_ index: Int) -> RGB { RGB(pixels[3 * index], pixels[3 * index + 1], pixels[3 * index + 2]) }
    func isGray(_ color: RGB) -> Bool { color.red == color.green && color.red == color.blue }
    var values = [UInt8](repeating: 0, count: pixels.count / 3)
    // Neighbors mostly have the same class.
    var last: (color: RGB, value: UInt8)?
    for index in values.indices {
      let found = color(index)
      if let last, last.color == found {
        values[index] = last.value
        continue
      }
      guard let value = try value(of: found, colors, at: index) else {
        let wrong = values.indices.count { colors.values(of: color($0)).isEmpty }
        let areGray = values.indices.allSatisfy { isGray(color($0)) }
        let advice = areGray ? "if these are ids, save the map as grayscale" : Self.smoothingAdvice
        throw foreign(found, at: index, advice: "\(wrong) of \(values.count) pixels have such colors, and \(advice)")
      }
      values[index] = value
      last = (found, value)
    }
    return values
  }

  /// The class of a color, or `LabelMap.ignored`; nil for another color.
  private func value(of color: RGB, _ colors: ClassColors, at index: Int) throws -> UInt8? {
    let values = colors.values(of: color)
    guard values.count > 1 else { return values.first }
    let names = values.map { classes.name(ofValue: $0) }.joined(separator: " and ")
    throw Failure(
      .data, "\(name): the color \(color) \(place(index)) is that of \(names) in \(classes.name); save the map with ids"
    )
  }

  // MARK: Failures

  private static let smoothingAdvice = "maps must be painted and resized without smoothing (antialiasing)"

  private func foreign(_ color: RGB, at index: Int, advice: String) -> Failure {
    let nearest = classes.nearest(to: color)
    return Failure(
      .data,
      "\(name): the color \(color) \(place(index)) is not in the palette of \(classes.name), expected one like the nearest, "
        + "\(nearest.name), which is \(nearest.color); \(advice)")
  }

  private func contradiction(_ index: UInt8, _ color: RGB, at first: Int) -> Failure {
    let nearest = classes.nearest(to: color)
    return Failure(
      .data,
      "\(name): the index \(index) \(place(first)) has the color of \(nearest.name) in the palette, which is not what the id "
        + "\(index) means, expected ids, as there is a remap; save the map as grayscale")
  }

  private func transparency(at index: Int) -> Failure {
    Failure(
      .data, "\(name): the pixel \(place(index)) is transparent, expected a label map without transparency; flatten it")
  }

  private func place(_ index: Int) -> String { "at x \(index % width), y \(index / width)" }
}

/// The classes by their colors.
private struct ClassColors {
  /// The indices of the classes with each color.
  private(set) var classes: [RGB: [UInt8]] = [:]
  private let ignored: RGB

  init(_ list: LabelClasses) {
    ignored = list.ignoredColor
    for (index, entry) in list.classes.enumerated() { classes[entry.color, default: []].append(UInt8(index)) }
  }

  /// The values in memory that a color may mean; none for another color.
  func values(of color: RGB) -> [UInt8] { classes[color] ?? (color == ignored ? [LabelMap.ignored] : []) }

  /// True if at least half of a palette's distinct colors are colors of classes.
  func make(halfOf palette: [PNGDecoder.PaletteEntry]) -> Bool {
    let colors = Set(palette.map(\.color)).subtracting([ignored])
    let known = colors.count { classes[$0] != nil }
    return known > 0 && 2 * known >= colors.count
  }
}

extension LabelMap {
  /// Reads a PNG file of ids or of the palette's colors, as `LabelReading` says, upright.
  ///
  /// - Parameters:
  ///   - remap: The remapping of ids in this file. Nil for that of the list, which is for the files of its data set;
  ///     `LabelRemap()` for files with the list's own ids, as `encodedPNG()` has them.
  ///   - maxMegapixels: The maximum number of megapixels.
  /// - Throws: `Failure` of kind `missingInput` if there is no such file, `inputOutput` if it cannot be read, `data` if
  ///   it is not a PNG file of at most 8 bits, damaged or too large, or if a pixel has no class.
  package init(
    contentsOfFile path: String, classes: LabelClasses, remap: LabelRemap? = nil,
    maxMegapixels: Int = PictureHeader.defaultMegapixels
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
    maxMegapixels: Int = PictureHeader.defaultMegapixels
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
    } catch let damage as CodecError {
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
