/// The sum of `term(i)` for i in 0..<count: sixteen sums side by side, so that the loop is vectorized; a strict sum
/// never is.
@inline(__always)
func laneSum(_ count: Int, _ term: (Int) -> Scalar) -> Scalar {
  withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 16) { lanes in
    let lanes = lanes.baseAddress!
    for lane in 0..<16 { lanes[lane] = 0 }
    let whole = count / 16 * 16
    for start in stride(from: 0, to: whole, by: 16) {
      for lane in 0..<16 { lanes[lane] += term(start + lane) }
    }
    var total: Scalar = 0
    for i in whole..<count { total += term(i) }
    for width in [8, 4, 2, 1] {
      for lane in 0..<width { lanes[lane] += lanes[lane + width] }
    }
    return total + lanes[0]
  }
}
