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
