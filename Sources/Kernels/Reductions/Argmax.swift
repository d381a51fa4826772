/// The position of the largest value of each row of a rows x count array, the first of equal ones; 0 of a row without a
/// number.
///
/// - Precondition: `count` > 0.
package func argmax(rows: Int, count: Int, _ x: Source, into out: UnsafeMutablePointer<Int>) {
  parallelRanges(rows, grain: max(1, elementGrain / max(1, count))) { range in
    for row in range {
      let x = x + row * count
      var largest = -Scalar.infinity
      for i in 0..<count { largest = x[i] > largest ? x[i] : largest }
      var position = 0
      while position < count, x[position] != largest { position += 1 }
      out[row] = position < count ? position : 0
    }
  }
}
