import Testing

@testable import Imaging

struct HoleShapeTests {
  private let hole = Hole.hole(
    "........",
    ".###..#.",
    ".####...",
    ".###....",
    ".....###")

  @Test func `the bounds of a part leave out what lies beside it`() {
    #expect(hole.missingBounds(in: PixelRectangle(0, 0, 8, 5)) == PixelRectangle(1, 1, 7, 4))
    #expect(hole.missingBounds(in: PixelRectangle(4, 0, 3, 4)) == PixelRectangle(4, 1, 3, 2))
    #expect(hole.missingBounds(in: PixelRectangle(0, 0, 8, 1)) == nil)
  }

  @Test func `thickness is the side of the largest square inside`() {
    #expect(hole.thickness(in: PixelRectangle(0, 0, 8, 5)) == 3)
    #expect(hole.thickness(in: PixelRectangle(2, 0, 6, 5)) == 2)
    #expect(hole.thickness(in: PixelRectangle(5, 0, 3, 5)) == 1)
    #expect(hole.thickness(in: PixelRectangle(5, 2, 3, 2)) == 0)
    #expect(Hole.hole(".##", "###", "###").thickness(in: PixelRectangle(0, 0, 3, 3)) == 2)
    #expect(Hole.hole(".#", "##").thickness(in: PixelRectangle(0, 0, 2, 2)) == 1)
  }

  @Test func `missing pixels are counted in columns and in rows of a part`() {
    #expect(hole.missingCounts(ofColumnsIn: PixelRectangle(3, 1, 4, 3)) == [3, 1, 0, 1])
    #expect(hole.missingCounts(ofRowsIn: PixelRectangle(3, 1, 4, 3)) == [2, 2, 1])
  }
}
