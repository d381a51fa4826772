import Foundation
import Support

extension PatchLevel {
  /// Missing pixels that one thread takes at once.
  private static let voteGrain = 2048

  /// Fills the hole: each missing pixel becomes the weighted mean of what the sources of all patches around it have in its
  /// position (Wexler et al., 2007).
  ///
  /// Weights are the targets' confidences times exp(−cost / (2 σ²)), where 2 σ² is a multiple of the cost that three quarters
  /// of the targets do not exceed. A pixel around which no match says anything stays as it is.
  ///
  /// - Parameters:
  ///   - width: That multiple: the smaller, the more the best of the patches decides.
  ///   - threads: The most threads; the result does not depend on it.
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
      targetNumbers.withUnsafeBufferPointer { numbers in
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
