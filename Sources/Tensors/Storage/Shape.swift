/// The sizes of a tensor's axes, outermost first. Pictures are [batch, height, width, channels].
package typealias Shape = [Int]

extension Array where Element == Int {
  /// The number of elements of an array of this shape; 1 for a scalar's empty shape.
  package var elementCount: Int { reduce(1, *) }

  /// The shape of an element-wise operation on two arrays, or nil if they do not fit: axes are matched from the last
  /// one, and an axis of size 1, or none, is repeated.
  func broadcast(with other: Shape) -> Shape? {
    let rank = Swift.max(count, other.count)
    var result = Shape(repeating: 1, count: rank)
    for offset in 1...Swift.max(1, rank) where rank > 0 {
      let left = offset <= count ? self[count - offset] : 1
      let right = offset <= other.count ? other[other.count - offset] : 1
      guard left == right || left == 1 || right == 1 else { return nil }
      result[rank - offset] = left == 1 ? right : left
    }
    return result
  }

  /// Axis numbers with negative ones counted from the end.
  func resolved(_ axis: Int, _ operation: StaticString) -> Int {
    let position = axis < 0 ? axis + count : axis
    precondition(indices.contains(position), "\(operation): shape \(self) has no axis \(axis)")
    return position
  }
}
