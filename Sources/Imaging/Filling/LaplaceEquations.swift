/// The discrete Laplace equations of a hole: a symmetric matrix with a row for each missing pixel, the number of its
/// neighbors within the picture on the diagonal, and −1 for each neighbor that is missing too.
///
/// Screening is added to the diagonal, and the equations are those of Δu = screening · u: boundary values decay
/// inwards, by a factor of e in 1 / √screening pixels.
struct LaplaceEquations {
  /// The unknowns' pixel indices, in raster order.
  let pixels: [Int]
  /// The raster whose missing pixels are the unknowns.
  private let hole: Hole
  /// The unknowns to the left, above, to the right and below; `pixels.count`, where a zero stands, if there is none.
  private let neighbors: [(left: Int, above: Int, right: Int, below: Int)]
  /// The diagonal of the matrix: each unknown's number of neighbors within the picture, plus the screening.
  private let diagonal: [Double]
  /// 1 / the pivots of the preconditioner's factorization.
  private let inversePivots: [Double]

  /// Sets the equations up; they are the same for every channel of a picture.
  ///
  /// - Parameter screening: At least 0, per square pixel.
  init(_ hole: Hole, screening: Double = 0) {
    let (width, height) = (hole.width, hole.height)
    let pixels = hole.values.indices.filter { hole.values[$0] != 0 }
    var numbers = [Int](repeating: pixels.count, count: width * height)
    for (unknown, pixel) in pixels.enumerated() { numbers[pixel] = unknown }
    neighbors = pixels.map { pixel in
      let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
      return (
        left: column > 0 ? numbers[pixel - 1] : pixels.count, above: row > 0 ? numbers[pixel - width] : pixels.count,
        right: column < width - 1 ? numbers[pixel + 1] : pixels.count,
        below: row < height - 1 ? numbers[pixel + width] : pixels.count
      )
    }
    diagonal = pixels.map { pixel in
      let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
      return Double(
        (column > 0 ? 1 : 0) + (row > 0 ? 1 : 0) + (column < width - 1 ? 1 : 0) + (row < height - 1 ? 1 : 0))
        + screening
    }
    inversePivots = Self.inversePivots(neighbors, diagonal)
    self.pixels = pixels
    self.hole = hole
  }

  /// The pivots of the modified incomplete Cholesky factorization without fill-in (Gustafsson, 1978). The diagonal gets
  /// 97 % of what is dropped; small pivots are not used, as in Bridson's "Fluid Simulation" (2008).
  private static func inversePivots(
    _ neighbors: [(left: Int, above: Int, right: Int, below: Int)], _ diagonal: [Double]
  ) -> [Double] {
    let (modification, safety) = (0.97, 0.25)
    let none = diagonal.count
    var inverse = [Double](repeating: 0, count: none + 1)
    for unknown in diagonal.indices {
      let (left, above) = (neighbors[unknown].left, neighbors[unknown].above)
      // The entries that the rows to the left and above would fill in.
      let leftFill: Double = left < none && neighbors[left].below < none ? 1 : 0
      let aboveFill: Double = above < none && neighbors[above].right < none ? 1 : 0
      let pivot =
        diagonal[unknown] - inverse[left] * (1 + modification * leftFill)
        - inverse[above] * (1 + modification * aboveFill)
      inverse[unknown] = 1 / (pivot < safety * diagonal[unknown] ? diagonal[unknown] : pivot)
    }
    return inverse
  }

  /// Solves the equations by preconditioned conjugate gradients (Hestenes and Stiefel, 1952).
  ///
  /// - Parameters:
  ///   - tolerance: The largest residual at which the iteration ends, in units of the values.
  ///   - start: The initial guess, a value for each unknown; nil for zeros.
  ///   - source: The addition to the right-hand side, a number for each unknown; nil for zeros.
  ///   - isCancelled: Polled once per iteration; ends the iteration once it returns true.
  ///   - known: The value of a known pixel.
  /// - Returns: A value for each unknown.
  func solution(
    tolerance: Double, start: [Double]? = nil, source: [Double]? = nil, isCancelled: () -> Bool = { false },
    known: (_ pixel: Int) -> Double
  ) -> [Double] {
    let count = pixels.count
    var residual = sums(ofKnownNeighbors: known)
    if let source { for unknown in 0..<count { residual[unknown] += source[unknown] } }
    var solution = start ?? [Double](repeating: 0, count: count)
    if let start {
      let image = product(with: start + [0])
      for unknown in 0..<count { residual[unknown] -= image[unknown] }
    }
    var search = [Double](repeating: 0, count: count + 1)
    var energy = 0.0
    // Exact arithmetic takes at most as many iterations as there are unknowns; the bound holds if rounding keeps the
    // residual above the tolerance.
    for _ in 0...count {
      guard residual.contains(where: { abs($0) > tolerance }), !isCancelled() else { break }
      let preconditioned = preconditioned(residual)
      let newEnergy = dot(residual, preconditioned)
      let share = energy == 0 ? 0 : newEnergy / energy
      energy = newEnergy
      for unknown in 0..<count { search[unknown] = preconditioned[unknown] + share * search[unknown] }
      let image = product(with: search)
      let length = energy / dot(search, image)
      for unknown in 0..<count {
        solution[unknown] += length * search[unknown]
        residual[unknown] -= length * image[unknown]
      }
    }
    return solution
  }

  /// The right-hand side of the equations.
  private func sums(ofKnownNeighbors known: (_ pixel: Int) -> Double) -> [Double] {
    let (width, height) = (hole.width, hole.height)
    return pixels.map { pixel in
      let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
      var sum = 0.0
      if column > 0, hole.values[pixel - 1] == 0 { sum += known(pixel - 1) }
      if row > 0, hole.values[pixel - width] == 0 { sum += known(pixel - width) }
      if column < width - 1, hole.values[pixel + 1] == 0 { sum += known(pixel + 1) }
      if row < height - 1, hole.values[pixel + width] == 0 { sum += known(pixel + width) }
      return sum
    }
  }

  /// The matrix times a vector.
  ///
  /// - Parameter vector: One value for each unknown, and a zero for absent neighbors.
  private func product(with vector: [Double]) -> [Double] {
    // Pointers: no index is checked in the innermost loops.
    neighbors.withUnsafeBufferPointer { neighbors in
      vector.withUnsafeBufferPointer { vector in
        guard let neighbors = neighbors.baseAddress, let vector = vector.baseAddress else { return [] }
        return diagonal.indices.map { unknown in
          let near = neighbors[unknown]
          return diagonal[unknown] * vector[unknown]
            - (vector[near.left] + vector[near.right] + (vector[near.above] + vector[near.below]))
        }
      }
    }
  }

  /// Solves L D Lᵀ x = residual, where L has −1 where the matrix has one below its diagonal, over its pivots.
  private func preconditioned(_ residual: [Double]) -> [Double] {
    let count = pixels.count
    var result = [Double](repeating: 0, count: count + 1)
    neighbors.withUnsafeBufferPointer { neighbors in
      inversePivots.withUnsafeBufferPointer { inversePivots in
        result.withUnsafeMutableBufferPointer { result in
          guard let neighbors = neighbors.baseAddress, let inverse = inversePivots.baseAddress,
            let result = result.baseAddress
          else { return }
          for unknown in 0..<count {
            let near = neighbors[unknown]
            result[unknown] = (residual[unknown] + result[near.left] + result[near.above]) * inverse[unknown]
          }
          for unknown in stride(from: count - 1, through: 0, by: -1) {
            let near = neighbors[unknown]
            result[unknown] += (result[near.right] + result[near.below]) * inverse[unknown]
          }
        }
      }
    }
    return result
  }

  /// The dot product over the unknowns, added up from the first to the last.
  private func dot(_ first: [Double], _ second: [Double]) -> Double {
    var sum = 0.0
    for unknown in pixels.indices { sum += first[unknown] * second[unknown] }
    return sum
  }
}
