// Element-wise kernels of two arguments that are broadcast.

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

/// The derivative of `maximum` with respect to its left argument: 1 where left > right, 1/2 where equal, 0 elsewhere.
package func maximumDerivative(_ broadcast: Broadcast, _ left: Source, _ right: Source, into out: Destination) {
  broadcast.parallelRanges { broadcast.combine($0, left, right, out) { $0 > $1 ? 1 : ($0 == $1 ? 0.5 : 0) } }
}

/// 1 where both are equal, 0 elsewhere.
package func equality(_ broadcast: Broadcast, _ left: Source, _ right: Source, into out: Destination) {
  broadcast.parallelRanges { broadcast.combine($0, left, right, out) { $0 == $1 ? 1 : 0 } }
}

/// sum += addend, element by element.
package func accumulate(_ count: Int, _ addend: Source, into sum: Destination) {
  parallelRanges(count, grain: elementGrain) { range in
    for i in range { sum[i] += addend[i] }
  }
}

/// The loop over two arrays of different shapes with NumPy's broadcasting: axes of size 1 and missing leading axes are
/// repeated.
///
/// Adjacent axes that both arrays traverse alike are merged, so that the inner loop is as long as possible.
package struct Broadcast {
  /// The sizes of the merged axes, outermost first; the last one is the inner loop.
  let sizes: [Int]
  /// The strides of the two arrays along each merged axis; 0 where an array is repeated.
  let leftSteps: [Int]
  let rightSteps: [Int]

  /// - Precondition: The shapes are compatible; the caller checks that.
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

  /// The offsets in the two arrays of the first element of row `row` of the outer axes.
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
  /// The size of the inner loop.
  private var inner: Int { sizes[sizes.count - 1] }
  private var rows: Int { sizes.dropLast().reduce(1, *) }

  /// Divides the output into ranges for `combine`, of elements if there is one row, else of rows.
  @inline(__always)
  func parallelRanges(_ body: (Range<Int>) -> Void) {
    if rows == 1 {
      Kernels.parallelRanges(inner, grain: elementGrain, body)
    } else {
      Kernels.parallelRanges(rows, grain: max(1, elementGrain / max(1, inner)), body)
    }
  }

  /// out[i] = body(left[i], right[i]) for one of the ranges. Every element-wise kernel of two arguments is this loop
  /// with its own `body` inlined.
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

/// The steps are 0 or 1 (repeated or contiguous); each case is a loop that vectorizes.
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
