import NeuralNetworks
import Tensors

/// Contextual attention as two products with matrices of patches, as the paper describes it: nine times the work and
/// many times the memory, but each line says what it does, and gradients flow through it.
struct AttentionByPatches {
  var fuses = true
  var nearestRule = NearestRule.alignCorners
  var scale: Scalar = 10

  func callAsFunction(_ foreground: Tensor, background: Tensor? = nil, hole: Tensor) -> Tensor {
    let values = (background ?? foreground).unfolded(kernel: 4, stride: 2, padding: Padding(1))
    return matmul(weights(foreground, background: background, hole: hole), values)
      .folded(to: foreground.shape, kernel: 4, stride: 2, padding: Padding(1)) / 4
  }

  /// [batch, positions, positions].
  func weights(_ foreground: Tensor, background: Tensor? = nil, hole: Tensor) -> Tensor {
    let (height, width) = (foreground.shape[1] / 2, foreground.shape[2] / 2)
    func patches(_ x: Tensor) -> Tensor {
      x.resizedNearest(height: height, width: width, rule: nearestRule).unfolded(kernel: 3, padding: Padding(1))
    }
    let keys = patches(background ?? foreground)
    let lengths = sqrt(maximum(square(keys).sum(axes: [-1]), Tensor(1e-8)))
    var scores = matmul(patches(foreground), keys / lengths, transposeRight: true)
    if fuses { scores = turned(diagonals(turned(diagonals(scores), height, width)), width, height) }
    let missing = hole.unfolded(kernel: 3, padding: Padding(1)).maximum(axes: [-1])
    let valid = Tensor(missing.elements.map { $0 == 0 ? 1 : 0 }, shape: [hole.shape[0], 1, height * width])
    return softmax(scores * (valid * scale)) * valid
  }

  /// Each element with those before and after it on its diagonal.
  private func diagonals(_ x: Tensor) -> Tensor {
    let size = x.shape[1]
    guard size > 1 else { return x }
    let before = x.sliced([0..<x.shape[0], 0..<size - 1, 0..<size - 1]).padded([(0, 0), (1, 0), (1, 0)])
    let after = x.sliced([0..<x.shape[0], 1..<size, 1..<size]).padded([(0, 0), (0, 1), (0, 1)])
    return x + before + after
  }

  /// From positions counted row by row to positions counted column by column.
  private func turned(_ x: Tensor, _ height: Int, _ width: Int) -> Tensor {
    x.reshaped(to: [-1, height, width, height, width]).permuted([0, 2, 1, 4, 3]).reshaped(to: x.shape)
  }
}
