import Foundation

/// Softmax over each row of a [rows, count] array: e^(x - max) / Σ e^(x - max).
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

/// Log-softmax over each row of a [rows, count] array: x - max - log Σ e^(x - max), which neither overflows nor
/// underflows for small probabilities.
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

/// The gradient of log-softmax's input x from the output y and its cotangent: cotangent - e^y · Σ cotangent.
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

/// Masked softmax over each row of a [batch, rows, count] array: softmax(scale · valid · x) · valid.
///
/// Invalid columns score 0 and get weight 0, so a row sums to less than 1 if it has any.
///
/// - Parameters:
///   - valid: The valid mask: 1 for valid columns, 0 for others.
///   - validStep: The distance between the valid masks of consecutive matrices of the batch; 0 if they share one.
package func maskedSoftmax(
  batch: Int, rows: Int, count: Int, scale: Scalar, valid: Source, validStep: Int, _ x: Source, into out: Destination
) {
  parallelRanges(batch * rows, grain: max(1, elementGrain / max(1, 4 * count))) { range in
    for row in range {
      let valid = valid + row / rows * validStep
      let x = x + row * count
      let out = out + row * count
      var largest = -Scalar.infinity
      for i in 0..<count {
        let value = x[i] * (valid[i] * scale)
        out[i] = value
        largest = value > largest ? value : largest
      }
      for i in 0..<count { out[i] = exponential(out[i] - largest) }
      let factor = 1 / laneSum(count) { out[$0] }
      for i in 0..<count { out[i] *= factor * valid[i] }
    }
  }
}

/// The gradient of masked softmax's input x from the output y and its cotangent: scale · y · (cotangent - Σ
/// cotangent · y).
package func maskedSoftmaxGradient(
  rows: Int, count: Int, scale: Scalar, _ y: Source, _ cotangent: Source, into out: Destination
) {
  parallelRanges(rows, grain: max(1, elementGrain / max(1, 2 * count))) { range in
    for row in range {
      let y = y + row * count
      let cotangent = cotangent + row * count
      let out = out + row * count
      let mean = laneSum(count) { cotangent[$0] * y[$0] }
      for i in 0..<count { out[i] = scale * y[i] * (cotangent[i] - mean) }
    }
  }
}
