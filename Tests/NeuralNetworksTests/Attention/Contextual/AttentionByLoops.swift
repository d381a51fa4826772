import Tensors

/// Contextual attention of one picture, pixel by pixel and in `Double`: slow, and without a matrix product.
struct AttentionByLoops {
  let foreground, background, hole: Tensor
  let fuses: Bool
  let rule: NearestRule

  private var height: Int { foreground.shape[1] / 2 }
  private var width: Int { foreground.shape[2] / 2 }
  private var channels: Int { foreground.shape[3] }

  /// The elements of [1, height, width, channels].
  var result: [Double] {
    var scores = self.scores
    if fuses {
      scores = diagonals(scores)
      // Positions are counted column by column, and back.
      let columnMajor = (0..<height * width).map { $0 % height * width + $0 / height }
      let turned = columnMajor.map { row in columnMajor.map { scores[row][$0] } }
      let sums = diagonals(turned)
      for (i, row) in columnMajor.enumerated() {
        for (j, column) in columnMajor.enumerated() { scores[row][column] = sums[i][j] }
      }
    }
    return paste(scores)
  }

  private var scores: [[Double]] {
    let positions = height * width
    return (0..<positions).map { i in
      (0..<positions).map { j in
        var product = 0.0
        var square = 0.0
        for dy in -1...1 {
          for dx in -1...1 {
            for channel in 0..<channels {
              let key = small(background, j / width + dy, j % width + dx, channel)
              product += small(foreground, i / width + dy, i % width + dx, channel) * key
              square += key * key
            }
          }
        }
        return product / max(square.squareRoot(), 1e-4)
      }
    }
  }

  private func paste(_ scores: [[Double]]) -> [Double] {
    let positions = height * width
    var out = [Double](repeating: 0, count: 4 * positions * channels)
    for i in 0..<positions {
      let exponentials = (0..<positions).map { j in isKnown(j) ? exponential(10 * scores[i][j]) : 1 }
      let sum = exponentials.reduce(0, +)
      for j in 0..<positions where isKnown(j) {
        for dy in -1...2 {
          for dx in -1...2 {
            let (y, x) = (2 * (i / width) + dy, 2 * (i % width) + dx)
            guard (0..<2 * height).contains(y), (0..<2 * width).contains(x) else { continue }
            for channel in 0..<channels {
              let value = pixel(background, 2 * (j / width) + dy, 2 * (j % width) + dx, channel)
              out[(y * 2 * width + x) * channels + channel] += exponentials[j] / sum * value / 4
            }
          }
        }
      }
    }
    return out
  }

  private func exponential(_ x: Double) -> Double {
    // e^x = (e^(x / 2^20))^(2^20), with enough terms: no library is shared with what is tested.
    var y = x / 1024
    y = 1 + y * (1 + y / 2 * (1 + y / 3 * (1 + y / 4 * (1 + y / 5 * (1 + y / 6 * (1 + y / 7))))))
    for _ in 0..<10 { y *= y }
    return y
  }

  private func diagonals(_ scores: [[Double]]) -> [[Double]] {
    scores.indices.map { i in
      scores.indices.map { j in
        (-1...1).reduce(0.0) { sum, step in
          scores.indices.contains(i + step) && scores.indices.contains(j + step)
            ? sum + scores[i + step][j + step] : sum
        }
      }
    }
  }

  private func isKnown(_ position: Int) -> Bool {
    for dy in -1...1 {
      for dx in -1...1 {
        let (y, x) = (position / width + dy, position % width + dx)
        if (0..<height).contains(y), (0..<width).contains(x), hole.elements[y * width + x] != 0 { return false }
      }
    }
    return true
  }

  private func small(_ x: Tensor, _ row: Int, _ column: Int, _ channel: Int) -> Double {
    guard (0..<height).contains(row), (0..<width).contains(column) else { return 0 }
    return pixel(x, source(row, height), source(column, width), channel)
  }

  /// With aligned corners the second half takes the second pixel of each pair.
  private func source(_ index: Int, _ size: Int) -> Int {
    rule == .alignCorners && 2 * index >= size - 1 && size > 1 ? 2 * index + 1 : 2 * index
  }

  private func pixel(_ x: Tensor, _ row: Int, _ column: Int, _ channel: Int) -> Double {
    guard (0..<x.shape[1]).contains(row), (0..<x.shape[2]).contains(column) else { return 0 }
    return Double(x.elements[(row * x.shape[2] + column) * channels + channel])
  }
}
