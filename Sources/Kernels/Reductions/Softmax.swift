/// The softmax of each row of a rows x count array: e^(x - max) over the row's sum of it.
package func softmax(rows: Int, count: Int, _ x: Source, into out: Destination) {
  parallelRanges(rows, grain: max(1, elementGrain / max(1, 4 * count))) { range in
    for row in range {
      let x = x + row * count
      let out = out + row * count
      var largest = -Scalar.infinity
      for i in 0..<count { largest = x[i] > largest ? x[i] : largest }
      for i in 0..<count { out[i] = exponential(x[i] - largest) }
      let scale = 1 / laneSum(count) { out[$0] }
      for i in 0..<count { out[i] *= scale }
    }
  }
}
