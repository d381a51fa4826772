// Named kernels of two broadcast arguments, for the operations in `Tensors`.

package func add(_ broadcast: Broadcast, _ left: Source, _ right: Source, into out: Destination) {
  broadcast.parallelRanges { broadcast.combine($0, left, right, out) { $0 + $1 } }
}

package func subtract(_ broadcast: Broadcast, _ left: Source, _ right: Source, into out: Destination) {
  broadcast.parallelRanges { broadcast.combine($0, left, right, out) { $0 - $1 } }
}

package func multiply(_ broadcast: Broadcast, _ left: Source, _ right: Source, into out: Destination) {
  broadcast.parallelRanges { broadcast.combine($0, left, right, out) { $0 * $1 } }
}

package func divide(_ broadcast: Broadcast, _ left: Source, _ right: Source, into out: Destination) {
  broadcast.parallelRanges { broadcast.combine($0, left, right, out) { $0 / $1 } }
}

/// The larger of each pair; NaN if either is NaN.
package func maximum(_ broadcast: Broadcast, _ left: Source, _ right: Source, into out: Destination) {
  broadcast.parallelRanges { broadcast.combine($0, left, right, out) { $0 > $1 ? $0 : ($1 >= $0 ? $1 : .nan) } }
}

/// 1 where left > right, 1/2 where they are equal, 0 elsewhere: the slope of `maximum` towards its left argument.
package func preference(_ broadcast: Broadcast, _ left: Source, _ right: Source, into out: Destination) {
  broadcast.parallelRanges { broadcast.combine($0, left, right, out) { $0 > $1 ? 1 : ($0 == $1 ? 0.5 : 0) } }
}

/// 1 where both are equal, 0 elsewhere.
package func equality(_ broadcast: Broadcast, _ left: Source, _ right: Source, into out: Destination) {
  broadcast.parallelRanges { broadcast.combine($0, left, right, out) { $0 == $1 ? 1 : 0 } }
}

/// into += addend, element by element.
package func accumulate(_ count: Int, _ addend: Source, into sum: Destination) {
  parallelRanges(count, grain: elementGrain) { range in
    for i in range { sum[i] += addend[i] }
  }
}

/// The common loops over two arrays of different shapes: axes of size 1 are repeated, missing leading axes too.
///
/// Neighboring axes that both arrays walk alike are merged, so that the inner loop is as long as it can be.
package struct Broadcast {
  /// The sizes of the merged axes, outermost first; the last one is the inner loop.
  let sizes: [Int]
  /// Steps of the two arrays along each merged axis: 0 where an array is repeated.
  let leftSteps: [Int]
  let rightSteps: [Int]

  /// - Precondition: The shapes are compatible; the caller has checked them.
  package init(left: [Int], right: [Int]) {
    let rank = max(left.count, right.count)
    let left = [Int](repeating: 1, count: rank - left.count) + left
    let right = [Int](repeating: 1, count: rank - right.count) + right
    var sizes: [Int] = []
    var leftSteps: [Int] = []
    var rightSteps: [Int] = []
    var leftStep = 1
    var rightStep = 1
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      let size = max(left[axis], right[axis])
      if left[axis] == 0 || right[axis] == 0 {
        self.sizes = [0]
        self.leftSteps = [0]
        self.rightSteps = [0]
        return
      }
      if size == 1 { continue }
      let step = (left: left[axis] == 1 ? 0 : leftStep, right: right[axis] == 1 ? 0 : rightStep)
      if let inner = sizes.last, step.left == leftSteps.last! * inner, step.right == rightSteps.last! * inner {
        sizes[sizes.count - 1] *= size
      } else {
        sizes.append(size)
        leftSteps.append(step.left)
        rightSteps.append(step.right)
      }
      leftStep *= left[axis]
      rightStep *= right[axis]
    }
    self.sizes = sizes.isEmpty ? [1] : sizes.reversed()
    self.leftSteps = sizes.isEmpty ? [1] : leftSteps.reversed()
    self.rightSteps = sizes.isEmpty ? [1] : rightSteps.reversed()
  }

  /// The elements of the two arrays at which row number `row` of the outer axes begins.
  @inline(__always)
  func start(ofRow row: Int) -> (left: Int, right: Int) {
    var rest = row
    var left = 0
    var right = 0
    for axis in stride(from: sizes.count - 2, through: 0, by: -1) {
      let (quotient, index) = rest.quotientAndRemainder(dividingBy: sizes[axis])
      left += index * leftSteps[axis]
      right += index * rightSteps[axis]
      rest = quotient
    }
    return (left, right)
  }
}

extension Broadcast {
  /// The elements of the result that one thread takes: whole rows if there are several.
  private var inner: Int { sizes[sizes.count - 1] }
  private var rows: Int { sizes.dropLast().reduce(1, *) }

  /// Cuts the result into ranges for `combine`.
  @inline(__always)
  func parallelRanges(_ body: (Range<Int>) -> Void) {
    if rows == 1 {
      Kernels.parallelRanges(inner, grain: elementGrain, body)
    } else {
      Kernels.parallelRanges(rows, grain: max(1, elementGrain / max(1, inner)), body)
    }
  }

  /// out[i] = body(left[i], right[i]) for one of the ranges. Every element-wise kernel of two arguments is this with a
  /// body of its own, inlined.
  @inline(__always)
  func combine(
    _ range: Range<Int>, _ left: Source, _ right: Source, _ out: Destination, _ body: (Scalar, Scalar) -> Scalar
  ) {
    let leftStep = leftSteps[leftSteps.count - 1]
    let rightStep = rightSteps[rightSteps.count - 1]
    if rows == 1 {
      let start = range.lowerBound
      combineRun(
        range.count, left + start * leftStep, leftStep, right + start * rightStep, rightStep, out + start, body)
      return
    }
    for row in range {
      let start = start(ofRow: row)
      combineRun(inner, left + start.left, leftStep, right + start.right, rightStep, out + row * inner, body)
    }
  }
}

/// The steps are 0 or 1 (an inner axis is contiguous or repeated); each case is a loop that vectorizes.
@inline(__always)
private func combineRun(
  _ count: Int, _ left: Source, _ leftStep: Int, _ right: Source, _ rightStep: Int, _ out: Destination,
  _ body: (Scalar, Scalar) -> Scalar
) {
  switch (leftStep, rightStep) {
  case (0, _):
    let value = left[0]
    for i in 0..<count { out[i] = body(value, right[i]) }
  case (_, 0):
    let value = right[0]
    for i in 0..<count { out[i] = body(left[i], value) }
  default:
    for i in 0..<count { out[i] = body(left[i], right[i]) }
  }
}
