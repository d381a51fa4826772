import Testing

@testable import Inpainting

struct PixelRectangleTests {
  @Test func `neighbours that share no pixel do not intersect`() {
    let rectangle = PixelRectangle(2, 3, 4, 5)
    #expect(!rectangle.intersects(PixelRectangle(6, 3, 1, 5)))
    #expect(!rectangle.intersects(PixelRectangle(2, 8, 4, 1)))
    #expect(rectangle.intersects(PixelRectangle(5, 7, 9, 9)))
  }

  @Test func `the union covers both and no more`() {
    #expect(PixelRectangle(2, 3, 4, 5).union(PixelRectangle(0, 7, 1, 6)) == PixelRectangle(0, 3, 6, 10))
  }
}
