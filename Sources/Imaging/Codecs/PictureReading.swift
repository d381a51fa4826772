extension Picture {
  /// Reads a JPEG, PNG or WebP file as red, green and blue, upright.
  ///
  /// Every colour type and depth is accepted: grey and palettes become RGB, CMYK is converted without a profile, 16 bits
  /// are rounded to 8 (`PictureHeader.bitsPerSample` tells), a transparent colour or an opacity channel goes into `alpha`.
  /// Colours are not corrected, as data sets expect: gamma is ignored, colour profiles go into `metadata` if they are for
  /// RGB. Damaged metadata is dropped.
  ///
  /// - Throws: `Failure` of kind `missingInput` if there is no such file, `inputOutput` if it cannot be read, `data` if
  ///   it is of another format, damaged or cut short, or larger than `PictureHeader.largestPixelCount`.
  public init(contentsOfFile path: String) throws {
    var file = try PictureFile(path: path)
    try file.read(upTo: PictureFile.usualHeaderLength)
    // Asked before the rest is read: somebody may have named a film.
    _ = try PictureFormat(recognising: file.bytes, name: path)
    try file.readToEnd()
    try self.init(decoding: file.bytes, name: path)
  }

  /// Decodes the bytes of a JPEG, PNG or WebP file, as `init(contentsOfFile:)` does.
  ///
  /// - Parameter name: What error messages call the bytes.
  /// - Throws: `Failure` of kind `data`.
  public init(decoding bytes: [UInt8], name: String = "the picture") throws {
    let format = try PictureFormat(recognising: bytes, name: name)
    do {
      self = try bytes.withUnsafeBufferPointer { bytes in
        let decoder = try format.decoder(of: bytes)
        let header = try PictureHeader(of: decoder, name: name)
        var picture = try decoder.decode().oriented(header.orientation)
        picture.metadata = decoder.metadata.fitting(channels: picture.channels)
        return picture
      }
    } catch let damage as Damage {
      throw damage.failure(format, name: name)
    }
  }
}
