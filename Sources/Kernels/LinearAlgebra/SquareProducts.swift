/// The product of one pair of square matrices, computed `count` times side by side, each on one thread: the most that
/// the machine's matrix products reach.
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
