import TestSupport
import Testing

@testable import Kernels

@Suite struct ArgmaxOfProductsTests {
  private func positions(m: Int, n: Int, k: Int, _ queries: [Scalar], _ keys: [Scalar]) -> [Int] {
    var found = [Int](repeating: -1, count: m)
    found.withUnsafeMutableBufferPointer {
      argmaxOfProducts(m: m, n: n, k: k, queries, keys, into: $0.baseAddress!)
    }
    return found
  }

  /// Blocks have 96 queries and 512 keys.
  @Test(arguments: [(1, 1, 1), (5, 7, 3), (97, 513, 9), (200, 1100, 20)])
  func `they are those of loops`(m: Int, n: Int, k: Int) {
    let queries = wave(m * k, frequency: 1.7)
    let keys = wave(n * k, frequency: 0.91, phase: 0.4)
    let found = positions(m: m, n: n, k: k, queries, keys)
    for row in 0..<m {
      let products = (0..<n).map { key in
        (0..<k).reduce(0.0) { $0 + Double(queries[row * k + $1]) * Double(keys[key * k + $1]) }
      }
      let isLargest = products[found[row]] > products.max()! - 1e-5
      #expect(isLargest, "query \(row)")
    }
  }

  @Test(arguments: [1, 15, 16, 511, 512, 600, 1023])
  func `of equal keys the first wins, wherever they are`(_ first: Int) {
    let (n, k) = (1029, 50)
    let key = wave(k, frequency: 0.77)
    var keys = wave(n * k, frequency: 0.91, scale: 0.1)
    for place in [first, first + 1, 1024, 1028] {
      for i in 0..<k { keys[place * k + i] = key[i] }
    }
    #expect(positions(m: 7, n: n, k: k, (0..<7).flatMap { _ in key }, keys) == [Int](repeating: first, count: 7))
  }

  @Test func `negative products have a largest one too, and what is not a number counts as the smallest`() {
    #expect(positions(m: 1, n: 3, k: 1, [1], [-3, -1, -2]) == [1])
    #expect(positions(m: 2, n: 3, k: 1, [1, .nan], [-3, .nan, -2]) == [2, 0])
  }
}
