extension Tensor {
  /// Rows of zeros with a 1 at one position each: the inverse of `argmax`.
  ///
  /// - Parameters:
  ///   - positions: One a row, in row-major order; nil for a row of zeros.
  ///   - shape: [..., positions], with as many rows as there are positions given.
  package static func oneHot(_ positions: [Int?], shape: Shape) -> Tensor {
    let columns = shape.last ?? 0
    precondition(
      !shape.isEmpty && positions.count * columns == shape.elementCount
        && positions.allSatisfy { $0.map { (0..<columns).contains($0) } ?? true },
      "oneHot: expected a position below \(columns) for each row of shape \(shape), found \(positions.count) of at most "
        + "\(positions.compactMap { $0 }.max() ?? 0)")
    return Tensor(shape: shape) { elements in
      elements.initialize(repeating: 0)
      for case (let row, let position?) in positions.enumerated() { elements[row * columns + position] = 1 }
    }
  }
}
