/// The position of the largest value of each row of a rows x count array, the first of equal ones; -1 if none is
/// above 0.
package func positionsOfMaxima(rows: Int, count: Int, _ x: Source, into out: UnsafeMutablePointer<Int>) {
  parallelRanges(rows, grain: max(1, elementGrain / max(1, count))) { range in
    for row in range {
      let x = x + row * count
      var largest: Scalar = 0
      for i in 0..<count { largest = x[i] > largest ? x[i] : largest }
      var position = -1
      if largest > 0 {
        position = 0
        while x[position] != largest { position += 1 }
      }
      out[row] = position
    }
  }
}
