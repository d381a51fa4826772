import Kernels

/// The output that a kernel writes into `count` elements, which begin as NaN: an element it leaves out is noticed.
func output(_ count: Int, _ kernel: (Destination) -> Void) -> [Scalar] {
  var result = [Scalar](repeating: .nan, count: count)
  result.withUnsafeMutableBufferPointer { buffer in
    var spare: Scalar = 0
    withUnsafeMutablePointer(to: &spare) { kernel(buffer.baseAddress ?? $0) }
  }
  return result
}
