import Testing

@testable import Kernels

/// A small grid with numbers for its pictures and matrix, and what the kernels should make of them, patch by patch.
struct NaivePatches: CustomTestStringConvertible, Sendable {
  let grid: PatchGrid

  init(
    batch: Int = 2, _ height: Int, _ width: Int, channels: Int = 3, kernel: Int, stride: Int, rows: [Int]? = nil,
    pictureRows: Range<Int>? = nil
  ) {
    grid = PatchGrid(
      batch: batch, height: height, width: width, channels: channels, kernel: kernel, stride: stride,
      matrixRows: rows ?? Array(0..<height), pictureRows: pictureRows ?? 0..<height)
  }

  /// Grids with and without an inside, one place wide, larger than a tile, and parts of them.
  static let cases = [
    NaivePatches(3, 5, kernel: 3, stride: 1), NaivePatches(1, 4, kernel: 3, stride: 1),
    NaivePatches(4, 1, kernel: 3, stride: 1), NaivePatches(1, 1, kernel: 4, stride: 2),
    NaivePatches(3, 5, kernel: 4, stride: 2), NaivePatches(1, 4, kernel: 4, stride: 2),
    NaivePatches(4, 1, kernel: 4, stride: 2), NaivePatches(3, 4, kernel: 5, stride: 1),
    NaivePatches(3, 2, kernel: 9, stride: 3), NaivePatches(2, 3, kernel: 1, stride: 1),
    NaivePatches(6, 3, kernel: 3, stride: 1, rows: [0, 1, 4]),
    NaivePatches(6, 3, kernel: 4, stride: 2, rows: [1, 2, 5], pictureRows: 1..<4),
    NaivePatches(5, 3, kernel: 3, stride: 1, rows: [4, 0], pictureRows: 2..<3),
    NaivePatches(batch: 1, 21, 20, channels: 1, kernel: 4, stride: 2),
    NaivePatches(batch: 1, 21, 20, channels: 1, kernel: 3, stride: 1),
  ]

  var testDescription: String {
    "\(grid.batch)x\(grid.height)x\(grid.width), kernel \(grid.kernel), stride \(grid.stride), rows \(grid.matrixRows) of "
      + "pictures with \(grid.pictureRows)"
  }

  var matrixCount: Int { grid.batch * grid.matrixRows.count * grid.width * grid.places }
  var queriesCount: Int { grid.batch * grid.stride * grid.stride * grid.pictureRows.count * grid.width * grid.channels }
  var keysCount: Int { grid.batch * grid.stride * grid.stride * grid.places * grid.channels }

  func compared(_ queries: [Scalar], _ keys: [Scalar]) -> [Scalar] {
    var out = [Scalar](repeating: 0, count: matrixCount)
    forEachPair { pair, query, key in out[pair] += queries[query] * keys[key] }
    return out
  }

  func pasted(_ weights: [Scalar], _ values: [Scalar]) -> [Scalar] {
    var out = [Scalar](repeating: 0, count: queriesCount)
    forEachPair { pair, query, key in out[query] += weights[pair] * values[key] }
    return out
  }

  func pastedTransposed(_ weights: [Scalar], _ values: [Scalar]) -> [Scalar] {
    var out = [Scalar](repeating: 0, count: keysCount)
    forEachPair { pair, query, key in out[key] += weights[pair] * values[query] }
    return out
  }

  /// Calls `body` for each element of each pair of patches that lies in both pictures, with the indices of the pair and
  /// of the two elements.
  private func forEachPair(_ body: (_ pair: Int, _ query: Int, _ key: Int) -> Void) {
    let padding = (grid.kernel - grid.stride) / 2
    let pixelWidth = grid.width * grid.stride
    func pixel(_ image: Int, _ row: Int, _ column: Int, _ rows: Range<Int>) -> Int? {
      let held = rows.lowerBound * grid.stride..<rows.upperBound * grid.stride
      guard held.contains(row), (0..<pixelWidth).contains(column) else { return nil }
      return ((image * held.count + row - held.lowerBound) * pixelWidth + column) * grid.channels
    }
    for image in 0..<grid.batch {
      for (position, row) in grid.matrixRows.enumerated() {
        for column in 0..<grid.width {
          for key in 0..<grid.places {
            let pair = ((image * grid.matrixRows.count + position) * grid.width + column) * grid.places + key
            for tap in 0..<grid.kernel * grid.kernel {
              let (dy, dx) = (tap / grid.kernel - padding, tap % grid.kernel - padding)
              guard
                let left = pixel(image, row * grid.stride + dy, column * grid.stride + dx, grid.pictureRows),
                let right = pixel(
                  image, key / grid.width * grid.stride + dy, key % grid.width * grid.stride + dx, 0..<grid.height)
              else { continue }
              for channel in 0..<grid.channels { body(pair, left + channel, right + channel) }
            }
          }
        }
      }
    }
  }
}
