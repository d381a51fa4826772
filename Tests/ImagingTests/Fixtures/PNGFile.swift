@testable import Imaging

/// PNG files of kinds that the package does not write itself, with pixels that are not packed.
enum PNGFile {
  /// - Parameters:
  ///   - type: 0 gray, 2 red, green and blue, 3 indexed, 4 gray with opacities, 6 colors with opacities.
  ///   - samples: Rows from the top, channels interleaved, each of `depth` bits.
  ///   - alphas: Of the first colors of the palette.
  static func bytes(
    width: Int, height: Int, depth: Int = 8, type: UInt8, samples: [Int], palette: [RGB] = [], alphas: [UInt8] = [],
    isInterlaced: Bool = false
  ) -> [UInt8] {
    let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][Int(type)] ?? 1
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    file += pngChunk("IHDR", number(width) + number(height) + [UInt8(depth), type, 0, 0, isInterlaced ? 1 : 0])
    if !palette.isEmpty { file += pngChunk("PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] }) }
    if !alphas.isEmpty { file += pngChunk("tRNS", alphas) }
    var data: [UInt8] = []
    for pass in isInterlaced ? passes : [(0, 0, 1, 1)] {
      for y in stride(from: pass.1, to: height, by: pass.3) {
        let columns = stride(from: pass.0, to: width, by: pass.2).map { $0 }
        if columns.isEmpty { continue }
        let row = columns.flatMap { x in samples[(y * width + x) * channels..<(y * width + x + 1) * channels] }
        data += [0] + packed(row, depth: depth)
      }
    }
    return file + pngChunk("IDAT", zlib(data)) + pngChunk("IEND", [])
  }

  /// The first column and row of each pass, and the steps from there (Adam7).
  private static let passes = [
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
  ]

  private static func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }

  private static func packed(_ samples: [Int], depth: Int) -> [UInt8] {
    if depth == 16 { return samples.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }
    var bytes = [UInt8](repeating: 0, count: (samples.count * depth + 7) / 8)
    for (index, sample) in samples.enumerated() {
      bytes[index * depth / 8] |= UInt8(sample << (8 - depth - index * depth % 8))
    }
    return bytes
  }

  /// A zlib stream of one stored block (RFC 1950 and 1951), of less than 64 KiB.
  private static func zlib(_ data: [UInt8]) -> [UInt8] {
    let length = [UInt8(data.count & 255), UInt8(data.count >> 8)]
    var sums = (a: 1, b: 0)
    for byte in data {
      sums.a = (sums.a + Int(byte)) % 65_521
      sums.b = (sums.b + sums.a) % 65_521
    }
    return [0x78, 0x01, 1] + length + length.map { ~$0 } + data + number(sums.b << 16 | sums.a)
  }
}
