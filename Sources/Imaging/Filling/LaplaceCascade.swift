/// A cascadic multigrid method for Laplace's equations of a hole (Bornemann and Deuflhard, 1996): the solution on each
/// grid is the initial guess of conjugate gradients on the next finer one, so that low frequencies converge on coarse
/// grids.
struct LaplaceCascade {
  /// One of the grids.
  private struct Level {
    /// A pixel of a coarser hole is missing if no pixel that it covers is known.
    let hole: Hole
    let equations: LaplaceEquations
    /// The screening per square pixel of this grid.
    let screening: Double
  }

  /// The grids, the finest first.
  private let levels: [Level]

  /// The pixels of the unknowns, in raster order.
  var pixels: [Int] { levels[0].equations.pixels }

  /// The minimum number of unknowns of a grid that is coarsened further.
  private static let smallestHalved = 256

  /// - Parameter screening: As in `LaplaceEquations`.
  /// - Precondition: There is a known pixel.
  init(_ hole: Hole, screening: Double = 0) {
    precondition(!hole.coversEverything, "LaplaceCascade: nothing is known")
    var levels = [
      Level(hole: hole, equations: LaplaceEquations(hole, screening: screening), screening: screening)
    ]
    while let last = levels.last, last.equations.pixels.count >= Self.smallestHalved {
      let (coarse, screening) = (last.hole.halved(), 4 * last.screening)
      levels.append(
        Level(hole: coarse, equations: LaplaceEquations(coarse, screening: screening), screening: screening))
    }
    self.levels = levels
  }

  /// Solves the equations.
  ///
  /// - Parameters:
  ///   - tolerance: As in `LaplaceEquations.solution`.
  ///   - ends: For each of `pixels` the value that screening makes it decay to, the same within a connected component;
  ///     nil for zeros.
  ///   - isCancelled: As in `LaplaceEquations.solution`.
  ///   - known: The value of a known pixel.
  /// - Returns: A value for each of `pixels`.
  func solution(
    tolerance: Double, ends: [Double]? = nil, isCancelled: () -> Bool = { false }, known: (_ pixel: Int) -> Double
  ) -> [Double] {
    let ends = decayTargetsOfLevels(ends)
    func solution(
      _ index: Int, start: [Double]?, known: (_ pixel: Int) -> Double
    ) -> [Double] {
      let level = levels[index]
      return level.equations.solution(
        tolerance: tolerance, start: start, source: ends?[index].map { $0 * level.screening }, isCancelled: isCancelled,
        known: known)
    }
    guard levels.count > 1 else { return solution(0, start: ends?[0], known: known) }
    // The known values of the coarser levels, as whole rasters, which are small.
    var planes = [Self.halved(levels[0].hole, known)]
    for level in levels.dropFirst().dropLast() {
      let finer = planes[planes.count - 1]
      planes.append(Self.halved(level.hole) { finer[$0] })
    }
    var start = ends?.last
    for index in levels.indices.dropFirst().reversed() {
      let level = levels[index]
      let found = solution(index, start: start) { planes[index - 1][$0] }
      for (unknown, pixel) in level.equations.pixels.enumerated() { planes[index - 1][pixel] = found[unknown] }
      let finer = levels[index - 1]
      start = finer.equations.pixels.map { pixel in
        let (y, x) = pixel.quotientAndRemainder(dividingBy: finer.hole.width)
        return Self.interpolated(planes[index - 1], of: level.hole, x: x, y: y)
      }
    }
    return solution(0, start: start, known: known)
  }

  /// The values of `ends` on every grid, each that of the first pixel which the unknown covers.
  private func decayTargetsOfLevels(_ finest: [Double]?) -> [[Double]]? {
    guard let finest else { return nil }
    var all = [finest]
    for (finer, level) in zip(levels, levels.dropFirst()) {
      var plane = [Double](repeating: 0, count: finer.hole.values.count)
      for (unknown, pixel) in finer.equations.pixels.enumerated() { plane[pixel] = all[all.count - 1][unknown] }
      all.append(
        level.equations.pixels.map { pixel in
          let (y, x) = pixel.quotientAndRemainder(dividingBy: level.hole.width)
          return plane[2 * y * finer.hole.width + 2 * x]
        })
    }
    return all
  }

  /// The means of the known pixels that each pixel of half the size covers; 0 where there are none.
  private static func halved(_ hole: Hole, _ known: (_ pixel: Int) -> Double) -> [Double] {
    let (width, height) = ((hole.width + 1) / 2, (hole.height + 1) / 2)
    var plane = [Double](repeating: 0, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        var (sum, count) = (0.0, 0.0)
        for row in 2 * y..<min(2 * y + 2, hole.height) {
          for pixel in row * hole.width + 2 * x..<row * hole.width + min(2 * x + 2, hole.width)
          where hole.values[pixel] == 0 {
            sum += known(pixel)
            count += 1
          }
        }
        if count > 0 { plane[y * width + x] = sum / count }
      }
    }
    return plane
  }

  /// The value of a plane of half the size at a pixel, by bilinear interpolation between the four nearest centers.
  private static func interpolated(_ plane: [Double], of raster: Hole, x: Int, y: Int) -> Double {
    let (nearX, nearY) = (x / 2, y / 2)
    let farX = min(max(nearX + (x % 2 == 0 ? -1 : 1), 0), raster.width - 1)
    let farY = min(max(nearY + (y % 2 == 0 ? -1 : 1), 0), raster.height - 1)
    let (upper, lower) = (nearY * raster.width, farY * raster.width)
    return (9 * plane[upper + nearX] + 3 * (plane[upper + farX] + plane[lower + nearX]) + plane[lower + farX]) / 16
  }
}

extension Hole {
  /// The hole at half the size, rounded up: a pixel is missing if no pixel that it covers is known.
  func halved() -> Hole {
    Hole(width: (width + 1) / 2, height: (height + 1) / 2) { x, y in
      (2 * y..<min(2 * y + 2, height)).allSatisfy { row in
        (2 * x..<min(2 * x + 2, width)).allSatisfy { values[row * width + $0] != 0 }
      }
    }
  }
}

/// The solution of Laplace's equation in a hole: the smoothest fill.
///
/// Each missing pixel is the mean of those of its four neighbors that lie within the picture, which makes one linear
/// equation a pixel. They are solved by conjugate gradients.
package enum HarmonicFill {
  /// The tolerance of the residual of any equation, in units of the whole range from black to white.
  static let tolerance = 1e-8

  /// Fills each channel on its own. At 256 x 256 a hole of half the picture takes about a tenth of a second.
  ///
  /// - Returns: The picture with its hole filled; mid-gray if nothing is known.
  package static func fill(_ picture: PictureValues, hole: Hole) -> PictureValues {
    let equations = LaplaceEquations(hole)
    let channels = picture.channels
    var filled = picture
    if hole.coversEverything {
      filled.values = [Double](repeating: 0.5, count: picture.values.count)
      return filled
    }
    for channel in 0..<channels {
      let solution = equations.solution(tolerance: tolerance) { picture.values[$0 * channels + channel] }
      for (unknown, pixel) in equations.pixels.enumerated() {
        filled.values[pixel * channels + channel] = Double.minimum(Double.maximum(solution[unknown], 0), 1)
      }
    }
    return filled
  }
}
