extension Picture {
  /// Reads a JPEG, PNG or WebP file as red, green and blue, upright.
  ///
  /// Every color type and depth is accepted: gray and palettes become RGB, CMYK is converted without a profile, 16 bits
  /// are rounded to 8 (`PictureHeader.bitsPerSample` tells), a transparent color or an opacity channel goes into `alpha`.
  /// Colors are not corrected, as data sets expect: gamma is ignored, color profiles go into `metadata` if they are for
  /// these channels. Damaged metadata is dropped, and so are thumbnails.
  ///
  /// - Parameters:
  ///   - keepsGray: Gives the pictures of gray files one channel.
  ///   - maxMegapixels: The most millions of pixels that are accepted; larger pictures are refused before anything is
  ///     allocated for them.
  /// - Throws: `Failure` of kind `missingInput` if there is no such file, `inputOutput` if it cannot be read, `data` if
  ///   it is of another format, damaged or cut short, or too large.
  public init(contentsOfFile path: String, keepsGray: Bool = false, maxMegapixels: Int = 100) throws {
    let stored = try Self.stored(inFile: path, keepsGray: keepsGray, maxMegapixels: maxMegapixels)
    self = stored.picture.oriented(stored.orientation)
  }

  /// Decodes the bytes of a JPEG, PNG or WebP file, as `init(contentsOfFile:)` does.
  ///
  /// - Parameters:
  ///   - name: What error messages call the bytes.
  ///   - keepsGray, maxMegapixels: As of `init(contentsOfFile:)`.
  /// - Throws: `Failure` of kind `data`.
  public init(
    decoding bytes: [UInt8], name: String = "the picture", keepsGray: Bool = false, maxMegapixels: Int = 100
  ) throws {
    let stored = try Self.stored(in: bytes, name: name, keepsGray: keepsGray, maxMegapixels: maxMegapixels)
    self = stored.picture.oriented(stored.orientation)
  }

  /// The picture as a file has it. The file's bytes are gone when this returns.
  private static func stored(
    inFile path: String, keepsGray: Bool, maxMegapixels: Int
  ) throws -> (picture: Picture, orientation: Orientation) {
    var file = try PictureFile(path: path)
    try file.read(upTo: PictureFile.usualHeaderLength)
    // Asked before the rest is read: somebody may have named a film.
    _ = try PictureFormat(recognizing: file.bytes, name: path)
    try file.readToEnd(maxMegapixels: maxMegapixels)
    return try stored(in: file.bytes, name: path, keepsGray: keepsGray, maxMegapixels: maxMegapixels)
  }

  private static func stored(
    in bytes: [UInt8], name: String, keepsGray: Bool, maxMegapixels: Int
  ) throws -> (picture: Picture, orientation: Orientation) {
    let format = try PictureFormat(recognizing: bytes, name: name)
    do {
      return try bytes.withUnsafeBufferPointer { bytes in
        let decoder = try format.decoder(of: bytes)
        let header = try PictureHeader(of: decoder, name: name, maxMegapixels: maxMegapixels)
        var picture = try decoder.decode(keepsGray: keepsGray)
        picture.metadata = decoder.metadata.fitting(channels: picture.channels)
        return (picture, header.orientation)
      }
    } catch let damage as Damage {
      throw damage.failure(format, name: name)
    }
  }
}
