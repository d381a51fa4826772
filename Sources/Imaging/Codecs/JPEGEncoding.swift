import CImageCodecs
import Tensors

extension Picture {
  /// The picture as a JPEG file, grey or YCbCr; opacities are lost. The same picture gives the same bytes.
  ///
  /// Below quality 90 colours are stored at half resolution, as is usual.
  ///
  /// - Parameter quality: 1 (small) to 100 (nearly without loss).
  /// - Returns: The bytes of the file.
  /// - Throws: `Failure` of kind `data` if a side is longer than JPEG allows (65 500), `internalError` if there is no
  ///   memory.
  public func jpegData(quality: Int = 95) throws -> [UInt8] {
    precondition(channels == 1 || channels == 3, "Picture.jpegData: expected 1 or 3 channels, found \(channels)")
    precondition((1...100).contains(quality), "Picture.jpegData: expected a quality of 1 to 100, found \(quality)")
    let longestSide = 65_500
    guard max(width, height) <= longestSide else {
      throw Failure(
        .data,
        "A picture of \(width)x\(height) cannot be written as JPEG: expected sides of at most \(longestSide); write it as PNG"
      )
    }
    guard let handle = JPEGHandle(tjInitCompress()) else {
      throw Failure(
        .internalError, "A picture of \(width)x\(height) cannot be written as JPEG: no memory for the encoder")
    }

    let subsampling = channels == 1 ? TJSAMP_GRAY : quality < 90 ? TJSAMP_420 : TJSAMP_444
    let pixelFormat = channels == 1 ? TJPF_GRAY : TJPF_RGB
    var bytes: UnsafeMutablePointer<UInt8>?
    var length: UInt = 0
    defer { tjFree(bytes) }
    let result = tjCompress2(
      handle.pointer, pixels, Int32(width), 0, Int32(height), pixelFormat.rawValue, &bytes, &length,
      Int32(subsampling.rawValue), Int32(quality), TJFLAG_ACCURATEDCT)
    guard result == 0, let bytes else {
      throw Failure(
        .internalError, "A picture of \(width)x\(height) cannot be written as JPEG: \(handle.damage.reason)")
    }
    return [UInt8](UnsafeBufferPointer(start: bytes, count: Int(length)))
  }
}
