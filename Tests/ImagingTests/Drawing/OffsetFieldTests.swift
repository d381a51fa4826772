import Imaging
import Testing

struct OffsetFieldTests {
  @Test func `the longest offset has a full color, and the others are measured by it`() {
    let field = OffsetField(width: 3, height: 1) { x, _ in .init(x: Float(4 * x), y: 0) }
    #expect(field.picture.pixels == [255, 255, 255, 255, 128, 128, 255, 0, 0])
  }

  @Test func `a field of zeros is white`() {
    #expect(OffsetField(width: 2, height: 2).picture == Picture(width: 2, height: 2, filledWith: [255, 255, 255]))
  }

  @Test func `positions are asked for row by row and can be changed one by one`() {
    var field = OffsetField(width: 3, height: 2) { x, y in .init(x: Float(x), y: Float(y)) }
    #expect(field[2, 1] == .init(x: 2, y: 1))
    field[0, 1] = .init(x: -5, y: 0)
    #expect(field[0, 1].x == -5 && field[0, 0] == .zero && field[1, 1] == .init(x: 1, y: 1))
  }
}
