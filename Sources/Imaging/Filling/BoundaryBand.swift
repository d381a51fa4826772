/// The band of known pixels around a hole in which a prediction is compared with the picture.
///
/// A single pixel says little in texture: differences are averaged over five pixels along the normal, two on either
/// side of the rim. The rim runs along the middle of the band, two pixels away from the hole, so that a difference that
/// grows linearly is matched exactly; between two holes, where the band is narrower, it runs where the band is widest.
struct BoundaryBand {
  /// The pixels on each side of the rim that are averaged, and the distance of the rim from the hole less one.
  private static let halfWidth = 2
  /// The width of the band in pixels.
  static let reach = 2 * halfWidth + 2

  /// The domain of the equations: the hole and the known pixels between it and the rim.
  let domain: Hole
  /// The boundary pixels of the domain, each with the pixels over which its difference is averaged.
  private let rim: [(pixel: Int, samples: [Int])]

  init(_ hole: Hole) {
    let (width, height) = (hole.width, hole.height)
    // City-block distances from the hole, 0 in it, as far as they are needed.
    let unreached = Self.halfWidth + 2
    var depths = hole.values.map { $0 != 0 ? 0 : unreached }
    for depth in 1..<unreached {
      for pixel in depths.indices where depths[pixel] == unreached {
        var isNext = false
        Self.forEachNeighbor(of: pixel, width: width, height: height) { if depths[$0] == depth - 1 { isNext = true } }
        if isNext { depths[pixel] = depth }
      }
    }
    var inDomain = hole.values
    for pixel in depths.indices where (1...Self.halfWidth).contains(depths[pixel]) {
      // Every pixel of the domain has a path outwards to the rim.
      Self.forEachNeighbor(of: pixel, width: width, height: height) {
        if depths[$0] == depths[pixel] + 1 { inDomain[pixel] = 1 }
      }
    }
    domain = Hole(width: width, height: height, values: inDomain)
    var rim: [(pixel: Int, samples: [Int])] = []
    for pixel in inDomain.indices where inDomain[pixel] == 0 && depths[pixel] < unreached {
      var isRim = false
      Self.forEachNeighbor(of: pixel, width: width, height: height) { if inDomain[$0] != 0 { isRim = true } }
      if isRim { rim.append((pixel, Self.samples(around: pixel, of: hole))) }
    }
    self.rim = rim
  }

  /// Calls a function with the 4-connected neighbors of a pixel within the raster.
  @inline(__always)
  fileprivate static func forEachNeighbor(of pixel: Int, width: Int, height: Int, _ body: (Int) -> Void) {
    let (y, x) = pixel.quotientAndRemainder(dividingBy: width)
    if y > 0 { body(pixel - width) }
    if x > 0 { body(pixel - 1) }
    if x < width - 1 { body(pixel + 1) }
    if y < height - 1 { body(pixel + width) }
  }

  /// The boundary condition: the differences at the rim, averaged along the normal.
  ///
  /// - Parameter difference: The difference at a known pixel.
  /// - Returns: A raster, 0 except at the boundary pixels of the domain.
  func rimValues(_ difference: (_ pixel: Int) -> Double) -> [Double] {
    var values = [Double](repeating: 0, count: domain.values.count)
    for (pixel, samples) in rim {
      values[pixel] = samples.reduce(0) { $0 + difference($1) } / Double(samples.count)
    }
    return values
  }

  /// A pixel of the rim, and pairs of known pixels that lie symmetrically on either side of it along the normal.
  private static func samples(around pixel: Int, of hole: Hole) -> [Int] {
    let (y, x) = pixel.quotientAndRemainder(dividingBy: hole.width)
    var samples = [pixel]
    let normal = normal(x, y, of: hole)
    func known(_ x: Int, _ y: Int) -> Int? {
      guard x >= 0, y >= 0, x < hole.width, y < hole.height, hole.values[y * hole.width + x] == 0 else { return nil }
      return y * hole.width + x
    }
    for step in 1...halfWidth {
      let dx = Int((Double(step) * normal.x).rounded())
      let dy = Int((Double(step) * normal.y).rounded())
      if let inner = known(x + dx, y + dy), let outer = known(x - dx, y - dy) { samples += [inner, outer] }
    }
    return samples
  }

  /// The unit vector from a pixel towards the nearest missing ones; zero between holes that are equally near.
  private static func normal(_ x: Int, _ y: Int, of hole: Hole) -> (x: Double, y: Double) {
    let reach = halfWidth + 2
    var sum = (x: 0.0, y: 0.0)
    for row in max(0, y - reach)...min(hole.height - 1, y + reach) {
      for column in max(0, x - reach)...min(hole.width - 1, x + reach) where hole.values[row * hole.width + column] != 0
      {
        let (dx, dy) = (Double(column - x), Double(row - y))
        let squared = dx * dx + dy * dy
        let weight = 1 / (squared * squared)
        sum = (sum.x + dx * weight, sum.y + dy * weight)
      }
    }
    let length = (sum.x * sum.x + sum.y * sum.y).squareRoot()
    return length > 1e-9 ? (sum.x / length, sum.y / length) : (0, 0)
  }
}

extension BoundaryBand {
  /// The 4-connected components of the domain.
  struct Components {
    /// The component's index for each pixel, in the order of the pixels.
    let numbers: [Int]
    /// The boundary pixels of each component, each as often as it has neighbors in it.
    fileprivate let rims: [[Int]]

    /// The mean of the values on each component's boundary; 0 for a component without one.
    func means(of values: [Double]) -> [Double] {
      rims.map { rim in rim.isEmpty ? 0 : rim.reduce(0) { $0 + values[$1] } / Double(rim.count) }
    }
  }

  /// - Parameter pixels: The pixels of the domain, in raster order.
  func components(ofPixels pixels: [Int]) -> Components {
    var labels = [Int](repeating: -1, count: domain.values.count)
    var rims: [[Int]] = []
    for start in pixels where labels[start] < 0 {
      var rim: [Int] = []
      labels[start] = rims.count
      var open = [start]
      while let pixel = open.popLast() {
        Self.forEachNeighbor(of: pixel, width: domain.width, height: domain.height) { next in
          if domain.values[next] == 0 {
            rim.append(next)
          } else if labels[next] < 0 {
            labels[next] = rims.count
            open.append(next)
          }
        }
      }
      rims.append(rim)
    }
    return Components(numbers: pixels.map { labels[$0] }, rims: rims)
  }
}
