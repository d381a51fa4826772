/// A chunk of a PNG file: length, name, contents, checksum (ISO/IEC 15948, section 5.3 and annex D).
func pngChunk(_ name: String, _ contents: [UInt8]) -> [UInt8] {
  func bigEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
  let checked = [UInt8](name.utf8) + contents
  var remainder = UInt32.max
  for byte in checked {
    remainder ^= UInt32(byte)
    for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1 }
  }
  return bigEndian(UInt32(contents.count)) + checked + bigEndian(~remainder)
}

/// The file with chunks put in front of the pixels, or behind them.
func inserting(_ chunks: [UInt8], into file: [UInt8], isBehindPixels: Bool = false) -> [UInt8] {
  // Behind the signature and the header, or in front of the end.
  let position = isBehindPixels ? file.count - 12 : 33
  return file[..<position] + chunks + file[position...]
}
