import Testing

@testable import Imaging

struct PNGColorSpaceTests {
  /// Those of sRGB.
  private static let primaries: [UInt8] = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000]
    .flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 0xFF)] }
  private static let picture = Picture.noise(width: 4, height: 3, channels: 3)

  private static func read(_ chunks: [UInt8]) throws -> Picture {
    try Picture(decoding: inserting(chunks, into: picture.pngData()), name: "described")
  }

  @Test(
    "Chunks come back from a PNG file as they were",
    arguments: [
      pngChunk("cICP", [12, 13, 0, 1]), pngChunk("gAMA", [0, 0, 0xF7, 0x8A]), pngChunk("sRGB", [1]),
      pngChunk("gAMA", [0, 0, 0xB1, 0x8F]) + pngChunk("cHRM", primaries),
      pngChunk("cICP", [9, 16, 0, 1]) + pngChunk("mDCV", [UInt8](1...24)) + pngChunk("cLLI", [UInt8](1...8)),
    ])
  func roundTrip(chunks: [UInt8]) throws {
    let read = try Self.read(chunks)
    #expect(read.pixels == Self.picture.pixels)
    let space = try #require(read.metadata.pngColorSpace)
    let written = try read.pngData()
    #expect(try Picture(decoding: written, name: "written").metadata.pngColorSpace == space)
    for start in chunks.indices where chunks[start...].starts(with: "cICP".utf8) {
      #expect(written.contains(sequence: chunks[start..<start + 8]))
    }
  }

  @Test func `What means sRGB is no loss, what does not is named`() throws {
    func losses(_ chunks: [UInt8], _ format: PictureFormat = .jpeg) throws -> [String] {
      try Self.read(chunks).metadata.losses(in: format, channels: 3)
    }
    let gamma = pngChunk("gAMA", [0, 0, 0xB1, 0x8F])
    for usual in [
      gamma, gamma + pngChunk("cHRM", Self.primaries), pngChunk("sRGB", [0]), pngChunk("cICP", [1, 13, 0, 1]),
    ] {
      #expect(try losses(usual).isEmpty)
    }
    #expect(try losses(pngChunk("cICP", [12, 13, 0, 1])) == ["the color space (cICP)"])
    #expect(try losses(pngChunk("cICP", [12, 13, 0, 1]), .webp) == ["the color space (cICP)"])
    #expect(try losses(pngChunk("gAMA", [0, 1, 0x86, 0xA0])) == ["the color space (gAMA)"])
    #expect(try losses(pngChunk("cICP", [12, 13, 0, 1]), .png).isEmpty)
    #expect(try losses(pngChunk("tEXt", [UInt8]("Author\0me".utf8)), .png) == ["texts"])
  }

  @Test func `Damaged chunks and those of another length are dropped`() throws {
    let code = pngChunk("cICP", [12, 13, 0, 1])
    for chunk in [code.dropLast() + [0], pngChunk("cICP", [12, 13, 0]), pngChunk("cLLI", [1])] {
      #expect(try Self.read([UInt8](chunk)).metadata == PictureMetadata())
    }
    let behind = try inserting(code, into: Self.picture.pngData(), isBehindPixels: true)
    #expect(try Picture(decoding: behind, name: "behind").metadata.pngColorSpace == nil)
  }
}
