import Testing

@testable import Kernels

@Suite struct RangePiecesTests {
  @Test func `pieces are nearly equal and leave nothing out`() {
    #expect((3..<14).pieces(of: 4) == [3..<6, 6..<10, 10..<14])
    #expect((3..<14).pieces(of: 20) == [3..<14])
    #expect((3..<3).pieces(of: 4).isEmpty)
  }
}
