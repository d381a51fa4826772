import Tensors

/// Attention to patches of the background that are two pixels apart, for a quarter of the foreground's pixels: those at
/// one corner of each square of 2x2.
///
/// Such a quarter is a grid like that of the background's patches. A step to the next position is two pixels on both,
/// so that neighbors strengthen each other as they do among halved pictures.
struct StridedPatchScores {
  /// The corner of each square, 0 or 1 in each direction.
  private let row: Int
  private let column: Int
  private let attention: ContextualAttention
  private let foreground: Tensor
  private let background: Tensor
  private let usable: Tensor

  /// The corners, which make up the picture.
  static let corners = [(row: 0, column: 0), (row: 0, column: 1), (row: 1, column: 0), (row: 1, column: 1)]

  /// - Parameters:
  ///   - pictures: The foreground, [batch, height, width, channels], and the background if it is another.
  ///   - usable: 1 for patches without a missing pixel, 0 for the others: [batch or 1, 1, positions].
  init(
    _ attention: ContextualAttention, _ pictures: [Tensor], _ usable: Tensor, corner: (row: Int, column: Int)
  ) {
    (row, column) = (corner.row, corner.column)
    self.attention = attention
    self.usable = usable
    foreground = pictures[0]
    background = pictures[pictures.count - 1]
  }

  /// The part that each position gets of each patch of the background: [batch, positions, positions].
  var weights: Tensor {
    let (height, width) = (foreground.shape[1] / 2, foreground.shape[2] / 2)
    let keys = Self.patches(background, row: 0, column: 0)
    let lengths = attention.patchLength.length(ofSquares: square(keys).sum(axes: [-1]), count: keys.shape[2])
    let scores = matmul(Self.patches(foreground, row: row, column: column), keys / lengths, transposeRight: true)
    guard attention.fuses else { return softmax(scores, usable: usable, scale: attention.scale) }
    let fused = scores.diagonalSum(.rows, height: height, width: width)
      .diagonalSum(.columns, height: height, width: width)
    return softmax(fused, usable: usable, scale: attention.scale)
  }

  /// The picture of this quarter's 2x2 patches, each pasted to the right of and below its position. What is pasted
  /// outside is lost.
  var pasted: Tensor {
    let (height, width) = (foreground.shape[1], foreground.shape[2])
    return matmul(weights, background.unfolded(kernel: 2, stride: 2))
      .folded(to: foreground.shape, kernel: 2, stride: 2)
      .sliced(axis: 1, 0..<height - row).sliced(axis: 2, 0..<width - column)
      .padded([(0, 0), (row, 0), (column, 0), (0, 0)])
  }

  /// The 3x3 patches around one corner of each square, zeros outside the pictures: [batch, positions, 9 · channels].
  private static func patches(_ x: Tensor, row: Int, column: Int) -> Tensor {
    x.unfolded(
      kernel: 3, stride: 2, padding: Padding(top: 1 - row, bottom: row, left: 1 - column, right: column))
  }
}

extension ContextualAttention {
  /// The foreground, rebuilt from patches that are compared as they are: one picture and one quarter of its positions
  /// at a time, so that few scores are in memory at once. Nothing is kept for the gradient.
  func strided(_ pictures: [Tensor], _ usable: Tensor) -> Tensor {
    let rebuilt = (0..<pictures[0].shape[0]).map { sample in
      let usable = usable.samples(sample..<sample + 1)
      let pictures = pictures.map { $0.samples(sample..<sample + 1) }
      let quarters = StridedPatchScores.corners.map { corner in
        customVJP(pictures) {
          StridedPatchScores(self, $0, usable, corner: corner).pasted
        } rule: { cotangent, pictures, number in
          gradient(at: pictures[number]) { picture in
            var pictures = pictures
            pictures[number] = picture
            return dot(StridedPatchScores(self, pictures, usable, corner: corner).pasted, cotangent)
          }
        }
      }
      return quarters.dropFirst().reduce(quarters[0], +) / 4
    }
    return concatenate(rebuilt, axis: 0)
  }

  /// The positions from which the upper left pixel of each square of 2x2 gets most, a map for each picture.
  func stridedMatches(_ pictures: [Tensor], _ usable: Tensor) -> [AttentionMap] {
    let (height, width) = (pictures[0].shape[1] / 2, pictures[0].shape[2] / 2)
    return (0..<pictures[0].shape[0]).map { sample in
      let range = sample..<sample + 1
      let scored = StridedPatchScores(
        self, pictures.map { $0.samples(range) }, usable.samples(range), corner: StridedPatchScores.corners[0])
      return AttentionMap(width: width, height: height, matches: scored.weights.positionsOfMaxima()[...])
    }
  }
}
