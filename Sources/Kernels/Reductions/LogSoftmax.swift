import Foundation

/// The logarithm of the softmax of each row of a rows x count array: x - max - log Σ e^(x - max), which neither overflows
/// nor loses a class of small probability.
package func logSoftmax(rows: Int, count: Int, _ x: Source, into out: Destination) {
  parallelRanges(rows, grain: max(1, elementGrain / max(1, 4 * count))) { range in
    for row in range {
      let x = x + row * count
      let out = out + row * count
      var largest = -Scalar.infinity
      for i in 0..<count { largest = x[i] > largest ? x[i] : largest }
      for i in 0..<count { out[i] = exponential(x[i] - largest) }
      let logarithm = Foundation.log(laneSum(count) { out[$0] })
      for i in 0..<count { out[i] = x[i] - largest - logarithm }
    }
  }
}

/// The cotangent of x from that of the result and the result itself: cotangent - e^y · Σ cotangent.
package func logSoftmaxGradient(
  rows: Int, count: Int, _ y: Source, _ cotangent: Source, into out: Destination
) {
  parallelRanges(rows, grain: max(1, elementGrain / max(1, 4 * count))) { range in
    for row in range {
      let y = y + row * count
      let cotangent = cotangent + row * count
      let out = out + row * count
      let sum = laneSum(count) { cotangent[$0] }
      for i in 0..<count { out[i] = cotangent[i] - exponential(y[i]) * sum }
    }
  }
}
