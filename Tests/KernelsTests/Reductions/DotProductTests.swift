import TestSupport
import Testing

@testable import Kernels

@Suite struct DotProductTests {
  @Test(arguments: [0, 1, 15, 16, 17, 50_000])
  func `every product counts once`(count: Int) {
    let (x, y) = (wave(count), wave(count, frequency: 0.61, offset: 0.2))
    let expected = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(Double(dotProduct(count, x, y)) - expected) < tolerance(2e-3, 1e-10))
  }
}
