import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

/// The claims of the paper about attention to patches, one a test.
@Suite struct AttentionClaimsTests {
  private static let features = Tensor.noise("features", [1, 64, 64, 64], scale: 0.1)

  /// 128 of the features' own 3x3 patches, as filters.
  private static let filters: Tensor = {
    let patches = features.unfolded(kernel: 3, padding: Padding(1)).sliced(axis: 1, 1000..<1128)
    return patches.reshaped(to: [128, 3, 3, 64]).permuted([1, 2, 3, 0])
  }()

  private static func scores(_ features: Tensor, _ filters: Tensor) -> Tensor {
    convolve(features, filters, padding: Padding(1))
  }

  /// Patches pasted with weights: the transposed convolution, which is the convolution's own adjoint.
  private static func deconvolved(_ weights: Tensor, _ filters: Tensor) -> Tensor {
    let size = [weights.shape[0], weights.shape[1], weights.shape[2], filters.shape[2]]
    return gradient(at: .zeros(size)) { dot(scores($0, filters), weights) }
  }

  @Test
  func `a 64x64x64 feature convolved with 128 patches of 64x3x3 gives 128x64x64, of which the softmax runs over 128`() {
    let scores = Self.scores(Self.features, Self.filters)
    #expect(scores.shape == [1, 64, 64, 128])
    // A patch meets itself at its own position.
    let patch = Self.filters.sliced(axis: 3, 5..<6)
    let (row, column) = (1005 / 64, 1005 % 64)
    #expect(abs(scores[0, row, column, 5] - square(patch).sum().scalar) < 1e-4)
    let sums = softmax(scores).sum(axes: [-1])
    #expect(sums.largestDifference(from: .ones([1, 64, 64, 1])) < tolerance(1e-5, 1e-13))
  }

  @Test
  func `transposed convolution with the 128 patches restores 64x64x64, and a constant inside after division by 9`() {
    let weights = softmax(Self.scores(Self.features, Self.filters))
    #expect(Self.deconvolved(weights, Self.filters).shape == [1, 64, 64, 64])
    let constant = Tensor(repeating: 0.3, shape: [3, 3, 64, 128])
    let restored = Self.deconvolved(weights, constant) / 9
    let inside = restored.sliced([0..<1, 1..<63, 1..<63, 0..<64])
    #expect(inside.largestDifference(from: Tensor(repeating: 0.3, shape: inside.shape)) < tolerance(1e-5, 1e-13))
    // At a border six patches overlap, in a corner four.
    #expect(abs(restored[0, 0, 30, 0] - 0.2) < 1e-5 && abs(restored[0, 63, 63, 0] - 0.4 / 3) < 1e-5)
  }

  @Test func `paste by deconvolution and scores x known patches agree for 1x1 patches`() {
    let values = Tensor.noise("values", [1, 4, 5, 3])
    let weights = softmax(Tensor.noise("weights", [1, 20, 20], scale: 3))
    let product = matmul(weights, values.reshaped(to: [1, 20, 3])).reshaped(to: values.shape)
    let filters = values.reshaped(to: [20, 3]).transposed().reshaped(to: [1, 1, 3, 20])
    let deconvolved = gradient(at: .zeros(values.shape)) {
      dot(convolve($0, filters), weights.reshaped(to: [1, 4, 5, 20]))
    }
    #expect(deconvolved.largestDifference(from: product) < tolerance(1e-6, 1e-14))
    #expect(pastePatches(weights, of: values, kernel: 1).largestDifference(from: product) < tolerance(1e-6, 1e-14))
  }

  @Test(arguments: [(1, 1.8446469849), (10, 1.1192453003), (50, 1.0000453979), (200, 1.0)])
  func `soft vs hard: sharper softmaxes approach the best match's value`(_ sharpness: Scalar, _ expected: Double) {
    let (scores, values) = (Tensor([0.9, 0.7, -0.2], shape: [3]), Tensor([1, 2, 4], shape: [3]))
    let drawn = dot(softmax(scores * sharpness), values).scalar
    #expect(abs(Double(drawn) - expected) < tolerance(1e-6, 1e-10))
  }

  @Test func `soft vs hard: soft has a gradient to all scores, hard has none`() {
    let slope = gradient(at: Tensor([0.9, 0.7, -0.2], shape: [3])) {
      dot(softmax($0), Tensor([1, 2, 4], shape: [3]))
    }
    #expect(slope.elements.allSatisfy { $0 != 0 })
    let (foreground, background) = (
      Tensor.noise("foreground", [1, 4, 4, 3]), Tensor.noise("background", [1, 4, 4, 3])
    )
    let soft = gradient(at: foreground) {
      dot(ContextualAttention(scale: 1)($0, background: background, hole: .zeros([1, 2, 2, 1])), .wave([1, 4, 4, 3]))
    }
    #expect(soft.elements.contains { $0 != 0 })
    var hole = Tensor.zeros([1, 4, 4, 1])
    hole.withMutableElements { $0[5] = 1 }
    let hard = gradient(at: foreground) {
      ShiftLayer()($0, skip: background, hole: hole).sliced(axis: -1, 6..<9).sum()
    }
    #expect(hard.elements.allSatisfy { $0 == 0 })
  }

  @Test func `soft vs hard: with a large scale, contextual attention draws from one patch`() {
    let features = Tensor.noise("features", [1, 8, 8, 3])
    func largest(_ scale: Scalar) -> Tensor {
      let attention = ContextualAttention(fuses: false, scale: scale)
      return PatchScores(attention, [features], .ones([1, 1, 16])).weights(of: Array(0..<4)).maximum(axes: [-1])
    }
    #expect(largest(1e4).elements.allSatisfy { $0 > 0.999 })
    #expect(largest(0.1).elements.allSatisfy { $0 < 0.5 })
  }

  @Test func `propagation equals a convolution with the 3x3 identity matrix, transposed for the second pass`() {
    let (height, width) = (4, 3)
    let scores = Tensor.noise("scores", [2, 12, 12])
    let identity = Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [3, 3, 1, 1])
    func convolved(_ x: Tensor) -> Tensor {
      convolve(x.reshaped(to: [2, 12, 12, 1]), identity, padding: Padding(1)).reshaped(to: [2, 12, 12])
    }
    /// From positions counted row by row to positions counted column by column.
    func turned(_ x: Tensor, _ height: Int, _ width: Int) -> Tensor {
      x.reshaped(to: [2, height, width, height, width]).permuted([0, 2, 1, 4, 3]).reshaped(to: [2, 12, 12])
    }
    let horizontal = scores.diagonalSum(.rows, height: height, width: width)
    #expect(horizontal.largestDifference(from: convolved(scores)) < tolerance(1e-6, 1e-14))
    let vertical = horizontal.diagonalSum(.columns, height: height, width: width)
    let expected = turned(convolved(turned(convolved(scores), height, width)), width, height)
    #expect(vertical.largestDifference(from: expected) < tolerance(1e-6, 1e-14))
    let untransposed = convolved(convolved(scores))
    #expect(vertical.largestDifference(from: untransposed) > 0.1)
  }

  @Test func `two ways to reduce patches: a stride of 2 leaves a quarter, halving leaves a sixteenth of the scores`() {
    let features = Tensor.noise("features", [1, 8, 12, 2])
    let positions = 8 * 12
    #expect(features.unfolded(kernel: 3, padding: Padding(1)).shape[1] == positions)
    #expect(features.unfolded(kernel: 3, stride: 2, padding: Padding(1)).shape[1] == positions / 4)
    let valid = Tensor.ones([1, 1, positions / 4])
    let strided = StridedPatchScores.corners.map {
      StridedPatchScores(ContextualAttention(reduction: .stride), [features], valid, corner: $0).weights
    }
    #expect(strided.allSatisfy { $0.shape[2] == positions / 4 })
    #expect(strided.reduce(0) { $0 + $1.count } == positions * positions / 4)
    let halved = PatchScores(ContextualAttention(), [features], valid).weights(of: Array(0..<4))
    #expect(halved.shape == [1, positions / 4, positions / 4] && halved.count == positions * positions / 16)
  }
}
