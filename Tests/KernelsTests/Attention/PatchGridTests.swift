import Testing

@testable import Kernels

@Suite struct PatchGridTests {
  private func grid(kernel: Int, stride: Int) -> PatchGrid {
    PatchGrid(
      batch: 1, height: 5, width: 4, channels: 2, kernel: kernel, stride: stride, matrixRows: [], pictureRows: 0..<5)
  }

  @Test func `cells of one pixel are the picture`() {
    let grid = grid(kernel: 3, stride: 1)
    #expect(grid.offsets == -1...1)
    #expect((grid.inset, grid.cellHeight, grid.cellWidth, grid.cellLength) == (0, 5, 4, 2))
    #expect(grid.cellRows(of: 1..<3) == 1..<3)
  }

  @Test func `cells of two pixels begin outside the picture`() {
    let grid = grid(kernel: 4, stride: 2)
    #expect(grid.offsets == 0...1)
    #expect((grid.inset, grid.cellHeight, grid.cellWidth, grid.cellLength) == (1, 6, 5, 8))
    #expect(grid.cellRows(of: 1..<3) == 1..<4)
  }
}

@Suite struct RangePiecesTests {
  @Test func `pieces are nearly equal and leave nothing out`() {
    #expect((3..<14).pieces(of: 4) == [3..<6, 6..<10, 10..<14])
    #expect((3..<14).pieces(of: 20) == [3..<14])
    #expect((3..<3).pieces(of: 4).isEmpty)
  }
}
