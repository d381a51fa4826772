import Foundation
import Support

/// A level of a picture pyramid with a hole, prepared for the search of patches.
struct PatchLevel: Sendable {
  /// Patches are squares of 2 · radius + 1 pixels a side.
  static let radius = 3
  static let side = 2 * radius + 1
  /// The bytes of a pixel: red, green, blue and a 0, so that a patch's rows are whole vectors.
  static let stride = 4

  let width: Int
  let height: Int
  /// `height * width * stride` bytes; in the hole, what has been filled so far.
  var pixels: [UInt8]
  /// The hole at this level.
  let hole: Hole
  /// The missing pixels, in raster order.
  let missing: [Int]
  /// The centers of patches within the picture of which all pixels are known.
  let sources: [Int32]
  /// 1 at the centers of sources, 0 elsewhere.
  let isSource: [UInt8]
  /// The centers of patches within the picture that have a missing pixel.
  let targets: [Int32]
  /// The index of the target at each pixel; −1 where there is none.
  let targetIndices: [Int32]
  /// The confidence in each target: 1.3^−d, where d is the city-block distance of its center from the known pixels.
  let confidences: [Float]

  /// - Parameter picture: A picture of three channels; the contents of its hole are ignored.
  init(_ picture: Picture, hole: Hole) {
    var pixels = [UInt8](repeating: 0, count: picture.width * picture.height * Self.stride)
    for pixel in hole.values.indices where hole.values[pixel] == 0 {
      for channel in 0..<3 { pixels[pixel * Self.stride + channel] = picture.pixels[pixel * 3 + channel] }
    }
    self.init(pixels: pixels, hole: hole)
  }

  private init(pixels: [UInt8], hole: Hole) {
    (width, height) = (hole.width, hole.height)
    self.pixels = pixels
    self.hole = hole
    let counts = Self.missingCounts(ofPatchesIn: hole)
    var (sources, targets) = ([Int32](), [Int32]())
    var isSource = [UInt8](repeating: 0, count: counts.count)
    var numbers = [Int32](repeating: -1, count: counts.count)
    for (center, count) in counts.enumerated() where count >= 0 {
      if count == 0 {
        sources.append(Int32(center))
        isSource[center] = 1
      } else {
        numbers[center] = Int32(targets.count)
        targets.append(Int32(center))
      }
    }
    (self.sources, self.isSource, self.targets, targetIndices) = (sources, isSource, targets, numbers)
    missing = hole.values.indices.filter { hole.values[$0] != 0 }
    let distances = Self.distances(in: hole)
    var factors: [Float] = [1]
    for _ in 0..<(distances.max() ?? 0) { factors.append(Float.maximum(factors[factors.count - 1] / 1.3, 1e-30)) }
    confidences = targets.map { factors[distances[Int($0)]] }
  }

  /// The level of half the size. Its pixels are means of known ones, and missing where there are none.
  func halved() -> PatchLevel {
    let coarse = hole.halved()
    var halved = [UInt8](repeating: 0, count: coarse.width * coarse.height * Self.stride)
    for y in 0..<coarse.height {
      for x in 0..<coarse.width {
        var (sums, count) = ((0, 0, 0), 0)
        for row in 2 * y..<min(2 * y + 2, height) {
          for pixel in row * width + 2 * x..<row * width + min(2 * x + 2, width) where hole.values[pixel] == 0 {
            let first = pixel * Self.stride
            sums = (sums.0 + Int(pixels[first]), sums.1 + Int(pixels[first + 1]), sums.2 + Int(pixels[first + 2]))
            count += 1
          }
        }
        guard count > 0 else { continue }
        let first = (y * coarse.width + x) * Self.stride
        halved[first] = UInt8((sums.0 + count / 2) / count)
        halved[first + 1] = UInt8((sums.1 + count / 2) / count)
        halved[first + 2] = UInt8((sums.2 + count / 2) / count)
      }
    }
    return PatchLevel(pixels: halved, hole: coarse)
  }

  /// The number of missing pixels of the patch around each pixel; −1 where it does not lie within the picture.
  private static func missingCounts(ofPatchesIn hole: Hole) -> [Int] {
    let (width, height) = (hole.width, hole.height)
    var counts = [Int](repeating: -1, count: width * height)
    guard width >= side, height >= side else { return counts }
    // The missing pixels of each column in the rows of a patch, from row to row.
    var columns = [Int](repeating: 0, count: width)
    for row in 0..<height {
      for x in 0..<width {
        columns[x] += Int(hole.values[row * width + x])
        if row >= side { columns[x] -= Int(hole.values[(row - side) * width + x]) }
      }
      guard row >= side - 1 else { continue }
      let center = (row - radius) * width
      var count = columns[..<(side - 1)].reduce(0, +)
      for x in side - 1..<width {
        count += columns[x]
        counts[center + x - radius] = count
        count -= columns[x - side + 1]
      }
    }
    return counts
  }

  /// City-block distances from the known pixels, 0 at those.
  private static func distances(in hole: Hole) -> [Int] {
    let (width, height) = (hole.width, hole.height)
    var distances = hole.values.map { $0 == 0 ? 0 : width + height }
    for y in 0..<height {
      for x in 0..<width where distances[y * width + x] > 0 {
        let pixel = y * width + x
        if x > 0 { distances[pixel] = min(distances[pixel], distances[pixel - 1] + 1) }
        if y > 0 { distances[pixel] = min(distances[pixel], distances[pixel - width] + 1) }
      }
    }
    for y in (0..<height).reversed() {
      for x in (0..<width).reversed() where distances[y * width + x] > 0 {
        let pixel = y * width + x
        if x < width - 1 { distances[pixel] = min(distances[pixel], distances[pixel + 1] + 1) }
        if y < height - 1 { distances[pixel] = min(distances[pixel], distances[pixel + width] + 1) }
      }
    }
    return distances
  }
}

extension PatchLevel {
  /// The number of missing pixels per task.
  private static let voteGrain = 2048

  /// The vote: each missing pixel becomes the weighted mean of the corresponding pixels in the sources of all patches
  /// that contain it (Wexler et al., 2007).
  ///
  /// Weights are the targets' confidences times exp(−cost / (2 σ²)), where 2 σ² is a multiple of the 75th percentile of
  /// the costs. A pixel without any compared match stays as it is.
  ///
  /// - Parameters:
  ///   - width: That multiple: the smaller, the more weight the best patches have.
  ///   - threads: The maximum number of threads; the result does not depend on it.
  mutating func vote(_ field: PatchField, width spread: Float, threads: Int) {
    guard !missing.isEmpty, !field.costs.isEmpty else { return }
    let quarter = Float(field.costs.sorted()[field.costs.count * 3 / 4])
    let scale = -1 / Float.maximum(quarter * spread, 1)
    let confidences = confidences
    let weights = field.costs.indices.map { number in
      field.costs[number] == PatchField.unknownCost
        ? 0
        : Float.maximum(confidences[number] * exp(Float.maximum(Float(field.costs[number]) * scale, -60)), 1e-37)
    }
    let (level, count) = (self, missing.count)
    let chunks = concurrentMap(count: (count + Self.voteGrain - 1) / Self.voteGrain, threads: threads) { chunk in
      level.voted(chunk * Self.voteGrain..<min(count, (chunk + 1) * Self.voteGrain), field, weights)
    }
    var position = 0
    for chunk in chunks {
      for first in Swift.stride(from: 0, to: chunk.count, by: 3) {
        let pixel = missing[position] * Self.stride
        for channel in 0..<3 { pixels[pixel + channel] = chunk[first + channel] }
        position += 1
      }
    }
  }

  /// The colors of some of the missing pixels, three values each.
  private func voted(_ range: Range<Int>, _ field: PatchField, _ weights: [Float]) -> [UInt8] {
    let radius = Self.radius
    var colors: [UInt8] = []
    colors.reserveCapacity(3 * range.count)
    pixels.withUnsafeBufferPointer { pixels in
      targetIndices.withUnsafeBufferPointer { numbers in
        field.matches.withUnsafeBufferPointer { matches in
          weights.withUnsafeBufferPointer { weights in
            for index in range {
              let pixel = missing[index]
              let (y, x) = pixel.quotientAndRemainder(dividingBy: width)
              var (red, green, blue, total): (Float, Float, Float, Float) = (0, 0, 0, 0)
              for row in max(radius, y - radius)...min(height - radius - 1, y + radius) {
                for column in max(radius, x - radius)...min(width - radius - 1, x + radius) {
                  let center = row * width + column
                  let number = Int(numbers[center])
                  let source = (Int(matches[number]) + pixel - center) * Self.stride
                  let weight = weights[number]
                  red += weight * Float(pixels[source])
                  green += weight * Float(pixels[source + 1])
                  blue += weight * Float(pixels[source + 2])
                  total += weight
                }
              }
              if total == 0 {
                for channel in 0..<3 { colors.append(pixels[pixel * Self.stride + channel]) }
                continue
              }
              for sum in [red, green, blue] {
                colors.append(UInt8(Float.minimum(Float.maximum((sum / total).rounded(), 0), 255)))
              }
            }
          }
        }
      }
    }
    return colors
  }
}
