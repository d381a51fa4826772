import Testing

@testable import Imaging
@testable import Support

struct WebPEncodingTests {
  @Test("A picture comes back from its WebP file unchanged", arguments: [1, 3], [false, true])
  func roundTrip(channels: Int, hasAlpha: Bool) throws {
    var picture = Picture.noise(width: 13, height: 7, channels: channels, hasAlpha: hasAlpha)
    // Colors that are not to be seen are kept too.
    if hasAlpha { picture.alpha![5] = 0 }
    let decoded = try Picture(decoding: picture.webpData(), name: "written")
    #expect(decoded == picture.rgb())
  }

  @Test func `A lower quality makes a smaller file, and opacities stay as they are`() throws {
    let picture = Picture.noise(width: 64, height: 64, channels: 3, hasAlpha: true)
    let files = try [10, 60, 95].map { try picture.webpData(quality: $0) }
    #expect(files.map(\.count) == files.map(\.count).sorted())
    #expect(try files[0].count < picture.webpData().count)
    for file in files { #expect(try Picture(decoding: file, name: "lossy").alpha == picture.alpha) }
  }

  @Test func `A smooth picture survives a high quality nearly unchanged`() throws {
    let ramp = (0..<32).flatMap { [UInt8](repeating: UInt8(30 + 4 * $0), count: 3) }
    let pixels = (0..<32).flatMap { _ in ramp }
    let picture = Picture(width: 32, height: 32, channels: 3, pixels: pixels)
    let decoded = try Picture(decoding: picture.webpData(quality: 98), name: "written")
    let differences = zip(decoded.pixels, pixels).map { abs(Int($0) - Int($1)) }
    #expect(differences.max()! <= 4)
  }

  @Test func `A side that WebP cannot hold is refused`() throws {
    let failure = try #require(throws: Failure.self) {
      try Picture(width: 16_384, height: 1, filledWith: [0]).webpData()
    }
    #expect(failure.kind == .data)
    #expect(failure.message.contains("16384x1"))
    #expect(throws: Never.self) { try Picture(width: 16_383, height: 1, filledWith: [0]).webpData() }
  }
}
