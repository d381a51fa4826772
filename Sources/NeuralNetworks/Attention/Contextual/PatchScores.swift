import Tensors

/// The similarity of the patches of foregrounds (queries) to those of their backgrounds (keys), and the resulting
/// weights.
struct PatchScores {
  let background: Tensor
  private let attention: ContextualAttention
  private let queries: Tensor
  private let keys: Tensor
  /// 1 / the L2 norm of each key: [batch, 1, positions].
  private let inverseNorms: Tensor
  private let valid: Tensor

  /// - Parameters:
  ///   - pictures: The foregrounds, [batch, height, width, channels], followed by the backgrounds if they differ.
  ///   - valid: The valid mask: 1 for keys without missing pixels, 0 for others: [batch or 1, 1, positions].
  init(_ attention: ContextualAttention, _ pictures: [Tensor], _ valid: Tensor) {
    let halves = pictures.map {
      $0.resizedNearest(height: $0.shape[1] / 2, width: $0.shape[2] / 2, rule: attention.nearestRule)
    }
    self.attention = attention
    self.valid = valid
    background = pictures[pictures.count - 1]
    queries = halves[0]
    keys = halves[halves.count - 1]
    inverseNorms = (1 / attention.patchLength.lengths(of: keys)).reshaped(to: [keys.shape[0], 1, -1])
  }

  /// The weights of all background patches for each position of some grid rows: [batch, rows.count · width, positions].
  func weights(of rows: [Int]) -> Tensor {
    softmax(attention.fuses ? fused(rows) : scores(of: rows), valid: valid, scale: attention.scale)
  }

  /// Adds to each score those of its neighbors before and after: first in row-major order, then in column-major order.
  private func fused(_ rows: [Int]) -> Tensor {
    let (height, width) = (keys.shape[1], keys.shape[2])
    let alongRows = ScanOrder.columns.reach(of: rows, height: height)
    let single = ScanOrder.rows.reach(of: alongRows, height: height)
    return scores(of: single)
      .diagonalSum(.rows, height: height, width: width, from: single, to: alongRows)
      .diagonalSum(.columns, height: height, width: width, from: alongRows, to: rows)
  }

  private func scores(of rows: [Int]) -> Tensor {
    comparePatches(queries, keys, kernel: 3, rows: rows, scale: inverseNorms)
  }
}

/// The L2 norm that keys are divided by, so that large ones do not win by their magnitude alone.
package enum PatchNorm: String, CaseIterable, Sendable {
  /// max(‖patch‖, 1e-4), as published by Yu et al. (2018).
  case floored
  /// √Σ(x² + 1e-4) over the patch's elements, as in PyTorch ports.
  case offset

  private static let smallest: Scalar = 1e-4

  /// The norms of all 3x3 patches with zero padding: [batch, height · width, 1].
  ///
  /// - Parameter pictures: [batch, height, width, channels].
  func lengths(of pictures: Tensor) -> Tensor {
    let squares = square(pictures).sum(axes: [-1]).unfolded(kernel: 3, padding: Padding(1)).sum(axes: [-1])
    return length(ofSquares: squares, count: 9 * pictures.shape[3])
  }

  /// The norms of patches from the sums of their squares.
  ///
  /// - Parameter count: The number of elements of a patch.
  func length(ofSquares squares: Tensor, count: Int) -> Tensor {
    switch self {
    case .floored:
      // The floor is applied to the square, because the root has no derivative at 0.
      return sqrt(maximum(squares, Tensor(Self.smallest * Self.smallest)))
    case .offset:
      return sqrt(squares + Scalar(count) * Self.smallest)
    }
  }
}

/// The way to have fewer patches than pixels (Yu et al., 2018, section 3.3).
package enum PatchReduction: String, CaseIterable, Sendable {
  /// Foreground and background are downsampled by 2 before their patches are compared, and patches of twice the size
  /// are pasted: as published.
  case downsampling
  /// Patches are compared at full size, those of the background with stride 2. Four times the scores, finer matches.
  case stride
}

/// Attention to background patches with stride 2, for a quarter of the foreground's pixels: those at one corner of each
/// 2x2 square.
///
/// Such a quarter is a grid like that of the background's patches. A step to the next position is two pixels on both,
/// so attention propagates between neighbors as it does after downsampling.
struct StridedPatchScores {
  /// The corner of each square, 0 or 1 in each direction.
  private let row: Int
  private let column: Int
  private let attention: ContextualAttention
  private let foreground: Tensor
  private let background: Tensor
  private let valid: Tensor

  /// All four corners, which together make up the foreground.
  static let corners = [(row: 0, column: 0), (row: 0, column: 1), (row: 1, column: 0), (row: 1, column: 1)]

  /// - Parameters:
  ///   - pictures: The foreground, [batch, height, width, channels], followed by the background if it differs.
  ///   - valid: The valid mask: 1 for patches without missing pixels, 0 for others: [batch or 1, 1, positions].
  init(
    _ attention: ContextualAttention, _ pictures: [Tensor], _ valid: Tensor, corner: (row: Int, column: Int)
  ) {
    (row, column) = (corner.row, corner.column)
    self.attention = attention
    self.valid = valid
    foreground = pictures[0]
    background = pictures[pictures.count - 1]
  }

  /// The weights of all background patches for each position: [batch, positions, positions].
  var weights: Tensor {
    let (height, width) = (foreground.shape[1] / 2, foreground.shape[2] / 2)
    let keys = Self.patches(background, row: 0, column: 0)
    let lengths = attention.patchLength.length(ofSquares: square(keys).sum(axes: [-1]), count: keys.shape[2])
    let scores = matmul(Self.patches(foreground, row: row, column: column), keys / lengths, transposeRight: true)
    guard attention.fuses else { return softmax(scores, valid: valid, scale: attention.scale) }
    let fused = scores.diagonalSum(.rows, height: height, width: width)
      .diagonalSum(.columns, height: height, width: width)
    return softmax(fused, valid: valid, scale: attention.scale)
  }

  /// The weighted sums of 2x2 patches for this quarter, each pasted at and to the lower right of its position, in the
  /// foreground's shape. Pixels beyond the border are dropped.
  var pasted: Tensor {
    let (height, width) = (foreground.shape[1], foreground.shape[2])
    return matmul(weights, background.unfolded(kernel: 2, stride: 2))
      .folded(to: foreground.shape, kernel: 2, stride: 2)
      .sliced(axis: 1, 0..<height - row).sliced(axis: 2, 0..<width - column)
      .padded([(0, 0), (row, 0), (column, 0), (0, 0)])
  }

  /// The 3x3 patches around one corner of each square, with zero padding: [batch, positions, 9 · channels].
  private static func patches(_ x: Tensor, row: Int, column: Int) -> Tensor {
    x.unfolded(
      kernel: 3, stride: 2, padding: Padding(top: 1 - row, bottom: row, left: 1 - column, right: column))
  }
}

extension ContextualAttention {
  /// The output for `reduction` `stride`: one sample and one quarter of its positions at a time, so that few scores are
  /// in memory at once. Nothing is saved for the gradient.
  func strided(_ pictures: [Tensor], _ valid: Tensor) -> Tensor {
    let rebuilt = (0..<pictures[0].shape[0]).map { sample in
      let valid = valid.samples(sample..<sample + 1)
      let pictures = pictures.map { $0.samples(sample..<sample + 1) }
      let quarters = StridedPatchScores.corners.map { corner in
        customVJP(pictures) {
          StridedPatchScores(self, $0, valid, corner: corner).pasted
        } rule: { cotangent, pictures, number in
          gradient(at: pictures[number]) { picture in
            var pictures = pictures
            pictures[number] = picture
            return dot(StridedPatchScores(self, pictures, valid, corner: corner).pasted, cotangent)
          }
        }
      }
      return quarters.dropFirst().reduce(quarters[0], +) / 4
    }
    return concatenate(rebuilt, axis: 0)
  }

  /// For the upper left pixel of each 2x2 square, the position with the largest weight; one map per sample.
  func stridedMatches(_ pictures: [Tensor], _ valid: Tensor) -> [AttentionMap] {
    let (height, width) = (pictures[0].shape[1] / 2, pictures[0].shape[2] / 2)
    return (0..<pictures[0].shape[0]).map { sample in
      let range = sample..<sample + 1
      let scored = StridedPatchScores(
        self, pictures.map { $0.samples(range) }, valid.samples(range), corner: StridedPatchScores.corners[0])
      return AttentionMap(width: width, height: height, matches: scored.weights.indicesOfMaxima()[...])
    }
  }
}
