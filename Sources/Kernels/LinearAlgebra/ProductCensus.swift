import Synchronization

/// The sizes of a matrix product that a convolution computes.
package struct MatrixProduct: Hashable, Sendable {
  /// The sizes: C is m x n, and each of its elements is a sum of k products.
  package let m: Int
  package let n: Int
  package let k: Int
  /// True if A is stored as k x m.
  package let isTransposed: Bool
  /// True if B is packed for this product alone, which then includes the packing.
  package let cutsPanels: Bool

  /// The number of multiplications and additions, 2 m n k.
  package var operations: Double { 2 * Double(m) * Double(n) * Double(k) }

  /// Lets `body` compute the product repeatedly on the calling thread, from operands of its own: for measurements.
  ///
  /// - Parameter body: Receives a function that computes the product once.
  package func repeating(on backEnd: GEMM.BackEnd, _ body: (_ once: () -> Void) -> Void) {
    withScratch(m * k + k * n + m * n) { memory in
      let (a, b, c) = (memory, memory + m * k, memory + m * k + k * n)
      for i in 0..<m * k { a[i] = Scalar(i % 7) - 3 }
      for i in 0..<k * n { b[i] = Scalar(i % 5) - 2 }
      withScratch(RightMatrix.panelsLength(on: backEnd, k: k, n: n)) { panels in
        func arranged() -> RightMatrix {
          RightMatrix(on: backEnd, k: k, n: n, b, rowStride: n, panels: panels)
        }
        let right = arranged()
        body {
          (cutsPanels ? arranged() : right)
            .multiply(m: m, a, rowStride: isTransposed ? 1 : k, step: isTransposed ? m : 1, into: c, cStride: n)
        }
      }
    }
  }
}

/// Counts the matrix products of convolutions, on all threads of the process.
package enum ProductCensus {
  package struct Entry: Sendable {
    package let product: MatrixProduct
    package let backEnd: GEMM.BackEnd
    package let count: Int
  }

  private struct Key: Hashable {
    let product: MatrixProduct
    let backEnd: GEMM.BackEnd
  }

  private static let isCounting = Atomic<Bool>(false)
  private static let counts = Mutex<[Key: Int]>([:])

  /// Counts the products while `body` runs. Only one census can run at a time.
  ///
  /// - Returns: The products, with the largest total number of operations first.
  package static func counting(_ body: () throws -> Void) rethrows -> [Entry] {
    counts.withLock { $0 = [:] }
    isCounting.store(true, ordering: .sequentiallyConsistent)
    defer { isCounting.store(false, ordering: .sequentiallyConsistent) }
    try body()
    return counts.withLock { counts in
      counts.map { Entry(product: $0.product, backEnd: $0.backEnd, count: $1) }.sorted { $0.precedes($1) }
    }
  }

  /// Called once per product.
  @inline(__always)
  static func observe(_ product: @autoclosure () -> MatrixProduct, _ backEnd: GEMM.BackEnd) {
    if isCounting.load(ordering: .relaxed) { add(Key(product: product(), backEnd: backEnd)) }
  }

  @inline(never)
  private static func add(_ key: Key) { counts.withLock { $0[key, default: 0] += 1 } }
}

extension ProductCensus.Entry {
  /// A total order, because a dictionary has none.
  fileprivate func precedes(_ other: Self) -> Bool {
    func rank(_ entry: Self) -> [Int] {
      let product = entry.product
      return [
        -entry.count * product.m * product.n * product.k, product.m, product.n, product.k, product.isTransposed ? 1 : 0,
        product.cutsPanels ? 1 : 0, entry.backEnd == .packed ? 1 : 0,
      ]
    }
    return rank(self).lexicographicallyPrecedes(rank(other))
  }
}

/// Multiplies one pair of square matrices `count` times in parallel, each on one thread: the machine's peak rate of
/// matrix products.
///
/// - Parameters:
///   - a, b: size x size.
///   - c: [count, size, size].
package func multiplySquares(count: Int, size: Int, _ a: Source, _ b: Source, into c: Destination) {
  parallel(tasks: count) { task in
    multiply(
      m: size, n: size, k: size, a, aStride: size, b, bStride: size, into: c + task * size * size, cStride: size)
  }
}
