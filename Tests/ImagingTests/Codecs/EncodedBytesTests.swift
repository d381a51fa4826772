import Testing

@testable import Imaging

struct EncodedBytesTests {
  private struct Full: Error {}

  @Test("What taking the bytes throws ends the encoder and is thrown", arguments: PictureFormat.allCases, [0, 2000])
  func failure(format: PictureFormat, room: Int) throws {
    let picture = Picture.noise(width: 300, height: 300, channels: 3, hasAlpha: format != .jpeg)
    var taken = 0
    let bytes = EncodedBytes {
      taken += $0.count
      if taken > room { throw Full() }
    }
    #expect(throws: Full.self) {
      switch format {
      case .jpeg: try picture.writeJPEG(quality: 95, to: bytes)
      case .png: try picture.writePNG(to: bytes)
      case .webp:
        try picture.webpData().withUnsafeBytes { _ = bytes.take($0.baseAddress, count: $0.count) }
        try bytes.throwFailure()
      }
    }
    let takenAtFailure = taken
    #expect(!bytes.take(nil, count: 0) && taken == takenAtFailure, "nothing more is taken")
  }
}
