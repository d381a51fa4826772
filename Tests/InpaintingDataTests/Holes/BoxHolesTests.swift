import Imaging
import Tensors
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct BoxHolesTests {
  /// The first and last missing row and column of 300 boxes.
  private func extents(_ holes: BoxHoles, side: Int) -> (rows: ClosedRange<Int>, columns: ClosedRange<Int>) {
    var all = Hole(width: side, height: side)
    for index in 0..<300 {
      var stream = RandomStream(seed: 6, purpose: "test", step: index)
      all.formUnion(holes.drawing(width: side, height: side, using: &stream))
    }
    let missing = (0..<side * side).filter { all.values[$0] == 1 }
    let rows = missing.map { $0 / side }
    let columns = missing.map { $0 % side }
    return (rows.min()!...rows.max()!, columns.min()!...columns.max()!)
  }

  @Test func `Margins stay whole, and the last place is left out as in the paper's code`() {
    let found = extents(BoxHoles(height: 10, width: 6, verticalMargin: 3, horizontalMargin: 5), side: 24)
    #expect(found.rows == 3...19)
    #expect(found.columns == 5...17)
  }

  @Test func `A box that fits in one place only is put there`() {
    let found = extents(BoxHoles(height: 16, width: 16, verticalMargin: 4, horizontalMargin: 4), side: 24)
    #expect(found.rows == 4...19)
    #expect(found.columns == 4...19)
  }

  @Test func `Boxes shrink by up to the delta, the same on both sides`() {
    let holes = BoxHoles(height: 12, width: 12, verticalMargin: 6, horizontalMargin: 6, maximumHeightDelta: 8)
    let areas = (0..<200).map { index -> Int in
      var stream = RandomStream(seed: 6, purpose: "test", step: index)
      return holes.drawing(width: 24, height: 24, using: &stream).values.reduce(0) { $0 + Int($1) }
    }
    #expect(Set(areas).sorted() == [4, 6, 8, 10, 12].map { $0 * 12 })
  }
}
