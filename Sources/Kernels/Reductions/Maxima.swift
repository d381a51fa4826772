/// The largest value along the middle axis of an outer x count x inner array; NaN if there is one.
///
/// - Precondition: `count` > 0.
package func maximum(outer: Int, count: Int, inner: Int, _ x: Source, into out: Destination) {
  parallelRanges(outer, grain: max(1, elementGrain / max(1, count * inner))) { range in
    for index in range {
      let x = x + index * count * inner
      let out = out + index * inner
      for i in 0..<inner { out[i] = x[i] }
      for row in 1..<max(1, count) {
        let x = x + row * inner
        for i in 0..<inner { out[i] = x[i] > out[i] ? x[i] : (out[i] >= x[i] ? out[i] : .nan) }
      }
    }
  }
}
