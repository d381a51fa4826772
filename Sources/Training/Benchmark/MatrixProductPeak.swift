import Kernels
import Tensors

/// The speed of matrix products on this machine, with one of its own on every thread at once: the yardstick for
/// everything that is made of matrix products.
struct MatrixProductPeak {
  let size: Int
  let threads: Int
  /// Of all threads together.
  let operationsPerSecond: Double

  /// Measures it: the best of some rounds, for nothing makes a machine faster than it is.
  init(size: Int = 512, rounds: Int) {
    self.size = size
    threads = Threads.count
    let count = 4 * threads
    let length = size * size
    let a = Array(repeating: Scalar(0.5), count: length)
    let b = Array(repeating: Scalar(0.25), count: length)
    var c = Array(repeating: Scalar(0), count: count * length)
    let times = (0...rounds).map { _ in
      let start = ContinuousClock.now
      c.withUnsafeMutableBufferPointer { c in
        a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { b in
            multiplySquares(count: count, size: size, a.baseAddress!, b.baseAddress!, into: c.baseAddress!)
          }
        }
      }
      return (ContinuousClock.now - start) / .seconds(1)
    }
    // The first round fetches memory and wakes threads up.
    let best = Samples(Array(times.dropFirst())).minimum
    operationsPerSecond = 2 * Double(count) * Double(size) * Double(length) / best
  }
}
