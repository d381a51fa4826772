/// Copies an array with its axes in another order: axis i of the result is axis `axes[i]` of the source.
package func permute(shape: [Int], axes: [Int], _ x: Source, into out: Destination) {
  var steps = [Int](repeating: 1, count: shape.count)
  for axis in stride(from: shape.count - 2, through: 0, by: -1) { steps[axis] = steps[axis + 1] * shape[axis + 1] }
  let sizes = axes.map { shape[$0] }
  let sourceSteps = axes.map { steps[$0] }
  let inner = sizes.last ?? 1
  let innerStep = sourceSteps.last ?? 1
  let rows = sizes.dropLast().reduce(1, *)
  parallelRanges(rows, grain: max(1, elementGrain / max(1, inner))) { range in
    for row in range {
      var rest = row
      var source = x
      for axis in stride(from: sizes.count - 2, through: 0, by: -1) {
        let (quotient, index) = rest.quotientAndRemainder(dividingBy: sizes[axis])
        source += index * sourceSteps[axis]
        rest = quotient
      }
      let out = out + row * inner
      if innerStep == 1 {
        out.update(from: source, count: inner)
      } else {
        for i in 0..<inner { out[i] = source[i * innerStep] }
      }
    }
  }
}
