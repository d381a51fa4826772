import Testing

@testable import Imaging

struct PNGEncodingTests {
  @Test("A picture comes back from its PNG file unchanged", arguments: [1, 3], [false, true])
  func roundTrip(channels: Int, hasAlpha: Bool) throws {
    let picture = Picture.noise(width: 13, height: 7, channels: channels, hasAlpha: hasAlpha)
    let decoded = try Picture(decoding: picture.pngData(), name: "written")
    #expect(decoded == picture.rgb())
  }

  @Test func `Gray is stored in one channel`() throws {
    let file = try Picture.noise(width: 13, height: 7, channels: 1).pngData()
    // The color type, behind signature, chunk header, two sides and the depth.
    #expect(file[25] == 0)
  }

  @Test func `The same picture gives the same bytes`() throws {
    let picture = Picture.noise(width: 50, height: 40, channels: 3)
    #expect(try picture.pngData() == picture.pngData())
  }
}
