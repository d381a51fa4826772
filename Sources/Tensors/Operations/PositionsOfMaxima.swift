extension Tensor {
  /// The position along the last axis of the largest element of each row, the first of equal ones; nil for rows without
  /// an element above 0.
  package func positionsOfMaxima() -> [Int?] {
    let columns = shape.last ?? 0
    return withElements { elements in
      argmax().enumerated().map { row, position in elements[row * columns + position] > 0 ? position : nil }
    }
  }
}
