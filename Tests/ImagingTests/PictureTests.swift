import Support
import Testing

@testable import Imaging

struct PictureTests {
  @Test func `raw pixels make a picture if they fit its size`() throws {
    let picture = try Picture(pixels: [1, 2, 3, 4, 5, 6], width: 1, height: 2, alpha: [0, 255])
    #expect(picture == Picture(width: 1, height: 2, channels: 3, pixels: [1, 2, 3, 4, 5, 6], alpha: [0, 255]))
    #expect(try Picture(pixels: [7], width: 1, height: 1, channels: 1).channels == 1)
  }

  @Test(
    arguments: [
      (5, 1, 2, 3, nil), (6, 2, 2, 3, nil), (0, 0, 2, 3, nil), (6, -1, -2, 3, nil), (4, 1, 2, 2, nil), (6, 1, 2, 3, 1),
      (6, .max, 4, 3, nil),
    ] as [(Int, Int, Int, Int, Int?)])
  func `other counts are failures and no traps`(count: Int, width: Int, height: Int, channels: Int, opacities: Int?) {
    let failure = #expect(throws: Failure.self) {
      try Picture(
        pixels: [UInt8](repeating: 0, count: count), width: width, height: height, channels: channels,
        alpha: opacities.map { [UInt8](repeating: 0, count: $0) })
    }
    #expect(failure?.kind == .data && failure?.message.contains("found \(count) values") == true)
  }

  @Test func `a picture is gray if its known pixels are`() {
    let picture = Picture(width: 3, height: 1, channels: 3, pixels: [7, 7, 7, 9, 9, 8, 1, 1, 1])
    #expect(!picture.isGray(outside: Hole(width: 3, height: 1)))
    #expect(picture.isGray(outside: Hole(width: 3, height: 1) { x, _ in x == 1 }))
    #expect(!picture.isGray(outside: Hole(width: 3, height: 1) { x, _ in x != 1 }))
    #expect(!picture.isGray(outside: Hole(width: 3, height: 1) { _, _ in true }), "nothing says that it is")
    let gray = Picture(width: 3, height: 1, channels: 1, pixels: [1, 2, 3])
    #expect(gray.isGray(outside: Hole(width: 3, height: 1) { _, _ in true }))
  }

  @Test func `encoded bytes are a file's`() throws {
    let picture = try Picture(pixels: [1, 2, 3, 4, 5, 6], width: 2, height: 1)
    for format in [PictureFormat.png, .webp] {
      #expect(try Picture(decoding: picture.encoded(as: format)).pixels == picture.pixels)
    }
    #expect(try picture.encoded(as: .jpeg, quality: 90).starts(with: [0xFF, 0xD8]))
    for (format, quality) in [(PictureFormat.png, 90), (.jpeg, 0), (.webp, 101)] {
      let failure = #expect(throws: Failure.self) { try picture.encoded(as: format, quality: quality) }
      #expect(failure?.kind == .usage)
    }
  }
}
