import Testing

@testable import Imaging

struct PictureGridTests {
  @Test func `Pictures lie in rows and columns with gaps around them`() {
    let red = Picture(width: 2, height: 1, filledWith: [255, 0, 0])
    let white = Picture(width: 2, height: 1, filledWith: [255])
    let sheet = Picture(grid: [[red, white], [white]], gap: 1, background: [1, 2, 3])
    #expect((sheet.width, sheet.height, sheet.channels) == (7, 5, 3))
    let drawn = (0..<5).map { y in
      String((0..<7).map { x in sheet.pixel(x, y) == [255, 0, 0] ? "R" : sheet.pixel(x, y)[2] == 255 ? "W" : "." })
    }
    #expect(drawn == [".......", ".RR.WW.", ".......", ".WW....", "......."])
    #expect(sheet.pixel(5, 3) == [1, 2, 3])
  }

  @Test func `Without a gap pictures touch`() {
    let picture = Picture.noise(width: 3, height: 2, channels: 3)
    #expect(Picture(grid: [[picture]], gap: 0) == picture)
  }
}
