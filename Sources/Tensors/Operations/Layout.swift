import Kernels

extension Tensor {
  /// A copy of a block, with one range per axis.
  package func sliced(_ ranges: [Range<Int>]) -> Tensor {
    precondition(
      ranges.count == rank && zip(ranges, shape).allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= $1 },
      "sliced: the ranges \(ranges) do not lie in shape \(shape)")
    let before = ranges.map(\.lowerBound)
    return Tensor(shape: ranges.map(\.count)) { out in
      copyBlock(shape: shape, starts: before, sizes: ranges.map(\.count), source, into: out.baseAddress!)
    }
    .recorded(
      fromPartOf: self, { [shape] cotangent, _ in cotangent.placed(at: before, in: shape) },
      adding: { [shape] cotangent, sum in
        sum.withMutableElements {
          addIntoBlock(
            shape: shape, starts: before, sizes: cotangent.shape, cotangent.source, into: $0.baseAddress!)
        }
      })
  }

  /// A copy of a range of one axis and all of the others.
  package func sliced(axis: Int, _ range: Range<Int>) -> Tensor {
    var ranges = shape.map { 0..<$0 }
    ranges[shape.resolved(axis, "sliced")] = range
    return sliced(ranges)
  }

  /// Zeros of a larger shape that contain this tensor: the adjoint of `sliced`.
  func placed(at starts: [Int], in larger: Shape) -> Tensor {
    Tensor(shape: larger) { out in
      fill(out.count, 0, into: out.baseAddress!)
      copyIntoBlock(shape: larger, starts: starts, sizes: shape, source, into: out.baseAddress!)
    }
    .recorded(
      from: (
        self,
        { [shape] cotangent, _ in cotangent.sliced(zip(starts, shape).map { $0..<$0 + $1 }) }
      ))
  }

  /// Zero padding before and after, per axis.
  package func padded(_ widths: [(before: Int, after: Int)]) -> Tensor {
    precondition(
      widths.count == rank && widths.allSatisfy { $0.before >= 0 && $0.after >= 0 },
      "padded: the widths \(widths) do not fit shape \(shape)")
    return placed(at: widths.map(\.before), in: zip(shape, widths).map { $0 + $1.before + $1.after })
  }
}

/// Concatenation along an axis.
///
/// - Precondition: There is at least one part, and all other axes are equal.
package func concatenate(_ parts: [Tensor], axis: Int) -> Tensor {
  precondition(!parts.isEmpty, "concatenate: expected at least one tensor, found none")
  let axis = parts[0].shape.resolved(axis, "concatenate")
  var shape = parts[0].shape
  shape[axis] = parts.reduce(0) { sum, part in
    precondition(
      part.rank == shape.count && part.shape.indices.allSatisfy { $0 == axis || part.shape[$0] == shape[$0] },
      "concatenate: shapes \(parts[0].shape) and \(part.shape) differ outside axis \(axis)")
    return sum + part.shape[axis]
  }
  var start = 0
  let places = parts.map { part in
    defer { start += part.shape[axis] }
    return start..<start + part.shape[axis]
  }
  return Tensor(shape: shape) { out in
    for (part, place) in zip(parts, places) {
      var starts = Shape(repeating: 0, count: shape.count)
      starts[axis] = place.lowerBound
      copyIntoBlock(shape: shape, starts: starts, sizes: part.shape, part.source, into: out.baseAddress!)
    }
  }
  .recorded(
    from: zip(parts, places).map { part, place in
      (part, { cotangent, _ in cotangent.sliced(axis: axis, place) })
    })
}

extension Tensor {
  /// The same elements in another shape, in shared memory. One size may be -1, to be inferred.
  package func reshaped(to newShape: Shape) -> Tensor {
    var target = newShape
    if let open = target.firstIndex(of: -1) {
      target[open] = 1
      let known = target.elementCount
      precondition(
        known > 0 && count % known == 0, "reshaped: \(count) elements of shape \(shape) do not make \(newShape)")
      target[open] = count / known
    }
    precondition(
      target.elementCount == count && target.allSatisfy { $0 >= 0 },
      "reshaped: \(count) elements of shape \(shape) do not make \(newShape)")
    return Tensor(shape: target, storage: storage)
      .recorded(from: (self, { [shape] cotangent, _ in cotangent.reshaped(to: shape) }))
  }

  /// A copy with permuted axes: axis i of the result is axis `order[i]` of this tensor.
  package func permuted(_ order: [Int]) -> Tensor {
    let axes = order.map { shape.resolved($0, "permuted") }
    precondition(axes.sorted() == Array(shape.indices), "permuted: \(order) is no permutation of the axes of \(shape)")
    var inverse = axes
    for (position, axis) in axes.enumerated() { inverse[axis] = position }
    return Tensor(shape: axes.map { shape[$0] }) { out in
      permute(shape: shape, axes: axes, source, into: out.baseAddress!)
    }
    .recorded(from: (self, { [inverse] cotangent, _ in cotangent.permuted(inverse) }))
  }

  /// A copy with the last two axes exchanged.
  package func transposed() -> Tensor {
    precondition(rank >= 2, "transposed: shape \(shape) has fewer than two axes")
    return permuted(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }
}
