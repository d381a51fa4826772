/// The softmax of each row of a rows x count array: e^(x - max) over the row's sum of it.
package func softmax(rows: Int, count: Int, _ x: Source, into out: Destination) {
  parallelRanges(rows, grain: max(1, elementGrain / max(1, 4 * count))) { range in
    for row in range {
      let x = x + row * count
      let out = out + row * count
      var largest = -Scalar.infinity
      for i in 0..<count { largest = x[i] > largest ? x[i] : largest }
      for i in 0..<count { out[i] = exponential(x[i] - largest) }
      let scale = 1 / rowSum(count, out)
      for i in 0..<count { out[i] *= scale }
    }
  }
}

@inline(__always)
private func rowSum(_ count: Int, _ x: Source) -> Scalar {
  var (a, b, c, d) = (Scalar(0), Scalar(0), Scalar(0), Scalar(0))
  let whole = count / 4 * 4
  for i in stride(from: 0, to: whole, by: 4) {
    a += x[i]
    b += x[i + 1]
    c += x[i + 2]
    d += x[i + 3]
  }
  for i in whole..<count { a += x[i] }
  return (a + b) + (c + d)
}
