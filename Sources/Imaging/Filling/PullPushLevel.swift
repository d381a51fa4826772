/// A level of the pyramid of `PullPushFill`: a grid of colors, of which some are known and the others are to be found.
struct PullPushLevel {
  /// Red-black sweeps of successive over-relaxation a level.
  private static let sweepCount = 24
  /// The part of a correction that a sweep makes: more than all of it, which converges sooner.
  private static let overRelaxation: Float = 1.5

  let width: Int
  let height: Int
  /// Row by row, and one more at the end: the color 0, which pixels at a border have as the neighbor that they lack.
  private(set) var colors: [SIMD4<Float>]
  private var isKnown: [Bool]
  private var unknownCount: Int

  /// A level of which nothing is known.
  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    unknownCount = width * height
    colors = [SIMD4<Float>](repeating: .zero, count: width * height + 1)
    isKnown = [Bool](repeating: false, count: width * height)
  }

  /// Makes a pixel known that was not.
  mutating func know(_ pixel: Int, _ color: SIMD4<Float>) {
    colors[pixel] = color
    isKnown[pixel] = true
    unknownCount -= 1
  }

  /// Finds the unknown colors. Where nothing is known, they stay 0.
  mutating func fill() {
    guard unknownCount > 0 && unknownCount < width * height else { return }
    var coarse = pulled()
    coarse.fill()
    interpolate(from: coarse)
    relax()
  }

  /// The next level: means of the known pixels of each square of 2 x 2.
  private func pulled() -> PullPushLevel {
    var coarse = PullPushLevel(width: (width + 1) / 2, height: (height + 1) / 2)
    for row in 0..<coarse.height {
      for column in 0..<coarse.width {
        var sum = SIMD4<Float>.zero
        var count: Float = 0
        for y in 2 * row..<min(2 * row + 2, height) {
          for x in 2 * column..<min(2 * column + 2, width) where isKnown[y * width + x] {
            sum += colors[y * width + x]
            count += 1
          }
        }
        if count > 0 { coarse.know(row * coarse.width + column, sum / count) }
      }
    }
    return coarse
  }

  /// Gives every unknown pixel the bilinear interpolation of the next level.
  private mutating func interpolate(from coarse: PullPushLevel) {
    for y in 0..<height {
      let near = (y / 2) * coarse.width
      // The square on the other side of the pixel's own.
      let far = min(max(y & 1 == 0 ? y / 2 - 1 : y / 2 + 1, 0), coarse.height - 1) * coarse.width
      for x in 0..<width where !isKnown[y * width + x] {
        let column = x / 2
        let other = min(max(x & 1 == 0 ? column - 1 : column + 1, 0), coarse.width - 1)
        let first = coarse.colors[near + column] * 0.75 + coarse.colors[near + other] * 0.25
        let second = coarse.colors[far + column] * 0.75 + coarse.colors[far + other] * 0.25
        colors[y * width + x] = first * 0.75 + second * 0.25
      }
    }
  }

  /// Brings every unknown pixel nearer to the mean of its neighbors, and at last between the extremes of the known ones.
  private mutating func relax() {
    // Neighbors of a pixel are of the other color of a chessboard.
    let equations = equations(parity: 0) + equations(parity: 1)
    colors.withUnsafeMutableBufferPointer { colors in
      equations.withUnsafeBufferPointer { equations in
        for _ in 0..<Self.sweepCount {
          for equation in equations {
            let sum =
              (colors[Int(equation.above)] + colors[Int(equation.below)])
              + (colors[Int(equation.left)] + colors[Int(equation.right)])
            let own = colors[Int(equation.pixel)]
            colors[Int(equation.pixel)] = own + (sum * equation.share - own) * Self.overRelaxation
          }
        }
      }
    }
    var (least, most) = (SIMD4<Float>(repeating: .infinity), SIMD4<Float>(repeating: -.infinity))
    for pixel in isKnown.indices where isKnown[pixel] {
      least = pointwiseMin(least, colors[pixel])
      most = pointwiseMax(most, colors[pixel])
    }
    for equation in equations {
      let pixel = Int(equation.pixel)
      colors[pixel] = colors[pixel].clamped(lowerBound: least, upperBound: most)
    }
  }

  /// An unknown pixel, its neighbors, and one divided by their number.
  private struct Equation {
    let pixel, above, below, left, right: Int32
    let share: Float
  }

  /// The equations of the unknown pixels whose column and row have a sum of this parity, row by row.
  private func equations(parity: Int) -> [Equation] {
    let none = width * height
    var equations: [Equation] = []
    equations.reserveCapacity(unknownCount / 2 + width)
    for y in 0..<height {
      for x in stride(from: (y + parity) & 1, to: width, by: 2) where !isKnown[y * width + x] {
        let pixel = y * width + x
        let above = y > 0 ? pixel - width : none
        let below = y + 1 < height ? pixel + width : none
        let left = x > 0 ? pixel - 1 : none
        let right = x + 1 < width ? pixel + 1 : none
        let count = (y > 0 ? 1 : 0) + (y + 1 < height ? 1 : 0) + (x > 0 ? 1 : 0) + (x + 1 < width ? 1 : 0)
        equations.append(
          Equation(
            pixel: Int32(pixel), above: Int32(above), below: Int32(below), left: Int32(left), right: Int32(right),
            share: 1 / Float(max(1, count))))
      }
    }
    return equations
  }
}
