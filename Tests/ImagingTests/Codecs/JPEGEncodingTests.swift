import Testing

@testable import Imaging
@testable import Support

struct JPEGEncodingTests {
  @Test("A smooth picture comes back nearly unchanged", arguments: [1, 3])
  func roundTrip(channels: Int) throws {
    let pixels = (0..<32 * 32 * channels).map { UInt8(($0 / channels % 32) * 4 + ($0 % channels) * 30) }
    let picture = Picture(width: 32, height: 32, channels: channels, pixels: pixels)
    let decoded = try Picture(decoding: picture.jpegData(quality: 98), name: "written")
    let differences = zip(decoded.pixels, picture.rgb().pixels).map { abs(Int($0) - Int($1)) }
    #expect(differences.max()! <= 4)
  }

  @Test func `A lower quality makes a smaller file`() throws {
    let picture = Picture.noise(width: 64, height: 64, channels: 3)
    let sizes = try [20, 60, 95].map { try picture.jpegData(quality: $0).count }
    #expect(sizes == sizes.sorted())
    #expect(sizes[0] < sizes[2] / 2)
  }

  @Test func `A side that JPEG cannot hold is refused`() throws {
    let picture = Picture(width: 65_501, height: 1, filledWith: [0])
    let failure = try #require(throws: Failure.self) { try picture.jpegData() }
    #expect(failure.kind == .data)
    #expect(failure.message.contains("65501x1"))
  }
}
