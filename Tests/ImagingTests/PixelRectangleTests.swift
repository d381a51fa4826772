import Testing

@testable import Imaging

struct PixelRectangleTests {
  @Test func `neighbors that share no pixel do not intersect`() {
    let rectangle = PixelRectangle(x: 2, y: 3, width: 4, height: 5)
    #expect(!rectangle.intersects(PixelRectangle(x: 6, y: 3, width: 1, height: 5)))
    #expect(!rectangle.intersects(PixelRectangle(x: 2, y: 8, width: 4, height: 1)))
    #expect(rectangle.intersects(PixelRectangle(x: 5, y: 7, width: 9, height: 9)))
  }

  @Test func `the union covers both and no more`() {
    #expect(
      PixelRectangle(x: 2, y: 3, width: 4, height: 5).union(PixelRectangle(x: 0, y: 7, width: 1, height: 6))
        == PixelRectangle(x: 0, y: 3, width: 6, height: 10))
  }
}
