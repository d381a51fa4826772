import CImageCodecs

/// Baseline and progressive JPEG by libturbojpeg: grey, YCbCr, RGB, CMYK and YCCK.
final class JPEGDecoder: PictureDecoder {
  let format = PictureFormat.jpeg
  let storedWidth: Int
  let storedHeight: Int
  let orientation: Orientation
  private let bytes: UnsafeBufferPointer<UInt8>
  private let handle: JPEGHandle
  private let isCMYK: Bool

  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(Damage) {
    guard let handle = JPEGHandle(tjInitDecompress()) else { throw Damage("no memory for the decoder") }
    var (width, height, subsampling, colourSpace) = (Int32(0), Int32(0), Int32(-1), Int32(-1))
    let result = tjDecompressHeader3(
      handle.pointer, bytes.baseAddress, UInt(bytes.count), &width, &height, &subsampling, &colourSpace)
    // An unusual subsampling is reported as an error though the rest was understood, and decodes well.
    guard result == 0 || (width > 0 && height > 0 && colourSpace >= 0) else { throw handle.damage }
    // And a file that ends before the size is given is reported as none.
    guard width > 0, height > 0 else { throw Damage("it ends within its header") }
    self.bytes = bytes
    self.handle = handle
    storedWidth = Int(width)
    storedHeight = Int(height)
    isCMYK = colourSpace == Int32(TJCS_CMYK.rawValue) || colourSpace == Int32(TJCS_YCCK.rawValue)
    orientation = Orientation(ofJPEG: bytes)
  }

  func decode() throws(Damage) -> Picture {
    let channels = isCMYK ? 4 : 3
    let count = storedWidth * storedHeight * channels
    var succeeded = false
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { pixels, initialisedCount in
      // A file of a few kB may hold thousands of scans, each a pass over the picture. Warnings are errors to the
      // library anyway, as a file that was cut short ends in grey; it need not go on after the first.
      let flags = TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING
      let pixelFormat = isCMYK ? TJPF_CMYK : TJPF_RGB
      succeeded =
        tjDecompress2(
          handle.pointer, bytes.baseAddress, UInt(bytes.count), pixels.baseAddress, Int32(storedWidth), 0,
          Int32(storedHeight), pixelFormat.rawValue, flags) == 0
      initialisedCount = succeeded ? count : 0
    }
    guard succeeded else { throw handle.damage }
    return Picture(
      width: storedWidth, height: storedHeight, channels: 3, pixels: isCMYK ? Self.rgb(invertedCMYK: pixels) : pixels)
  }

  /// Multiplies colour and black. Adobe's programs store inks inverted (0 is full ink), others follow them, and nothing
  /// in a file tells the exceptions.
  private static func rgb(invertedCMYK inks: [UInt8]) -> [UInt8] {
    let pixelCount = inks.count / 4
    return [UInt8](unsafeUninitializedCapacity: pixelCount * 3) { colours, initialisedCount in
      inks.withUnsafeBufferPointer { inks in
        for pixel in 0..<pixelCount {
          let black = Int(inks[4 * pixel + 3])
          for channel in 0..<3 {
            colours[3 * pixel + channel] = UInt8((Int(inks[4 * pixel + channel]) * black + 127) / 255)
          }
        }
      }
      initialisedCount = pixelCount * 3
    }
  }
}

/// Owns an instance of libturbojpeg, for decoding or for encoding.
final class JPEGHandle {
  let pointer: tjhandle

  /// Nil if there was no memory.
  init?(_ pointer: tjhandle?) {
    guard let pointer else { return nil }
    self.pointer = pointer
  }

  deinit {
    tjDestroy(pointer)
  }

  /// What the library says about its last error.
  var damage: Damage {
    Damage(String(cString: tjGetErrorStr2(pointer)))
  }
}
