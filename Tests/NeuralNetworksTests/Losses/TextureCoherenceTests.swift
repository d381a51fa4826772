import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct TextureCoherenceTests {
  private let hole = Tensor(
    (0..<16).map { (1...2).contains($0 / 4) && (1...2).contains($0 % 4) ? 1 : 0 }, shape: [1, 4, 4, 1])
  private let labels = Tensor.oneHot([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 3, 2, 0, 0, 1, 1], shape: [1, 4, 4, 4])
  private let expected = GoldenFill.features(1, 3, 4, 4, frequency: 0.53, phase: 0.9)

  /// Made by NumPy in float64 from the formula in the documentation.
  @Test func `value and gradient agree with published ones`() {
    let found = Parameter(GoldenFill.features(1, 3, 4, 4))
    func loss() -> Tensor { textureCoherenceLoss(found.value, expected, labels: labels, holes: hole) }
    #expect(abs(Double(loss().scalar) - 0.1653341110) < tolerance(1e-6, 1e-10))
    let slope = valueWithGradient(at: [found]) { loss() }.gradient[0]
    #expect(
      GoldenValue(squares: 0.0019584452, first: -0.0043805516).difference(fromFeatures: slope) < tolerance(1e-6, 1e-10))
  }

  @Test func `equal textures differ by nothing, whatever the order of a class's pixels`() {
    #expect(textureCoherenceLoss(expected, expected, labels: labels, holes: hole).scalar == 0)
    // The columns of the upper rows are of one class each half: swapped within a class, the Gram matrix is the same.
    let swapped = concatenate(
      [1, 0, 2, 3].map { expected.sliced(axis: 2, $0..<$0 + 1) }, axis: 2)
    let halves = Tensor.oneHot((0..<16).map { $0 % 4 / 2 }, shape: [1, 4, 4, 2])
    #expect(
      Double(textureCoherenceLoss(swapped, expected, labels: halves, holes: hole).scalar) < tolerance(1e-6, 1e-14))
    let across = concatenate([2, 1, 0, 3].map { expected.sliced(axis: 2, $0..<$0 + 1) }, axis: 2)
    #expect(textureCoherenceLoss(across, expected, labels: halves, holes: hole).scalar > 1e-3)
  }

  @Test func `the context is the known pixels of a class, and a class without any counts nothing`() {
    let halves = Tensor.oneHot((0..<16).map { $0 % 4 / 2 }, shape: [1, 4, 4, 2])
    let found = GoldenFill.features(1, 3, 4, 4)
    let context = textureCoherenceLoss(found, expected, labels: halves, holes: hole, reference: .context)
    // What the original has in the hole does not matter.
    let other = expected + hole * 3
    #expect(
      areIdentical(
        context.elements,
        textureCoherenceLoss(found, other, labels: halves, holes: hole, reference: .context).elements))
    #expect(context.scalar != textureCoherenceLoss(found, expected, labels: halves, holes: hole).scalar)
    let lost = Tensor.oneHot((0..<16).map { hole.elements[$0] > 0 ? 1 : 0 }, shape: [1, 4, 4, 2])
    #expect(textureCoherenceLoss(found, expected, labels: lost, holes: hole, reference: .context).scalar == 0)
  }

  @Test func `pictures without labels or holes count nothing, and the mean is over all pictures`() {
    let found = GoldenFill.features(1, 3, 4, 4)
    let one = textureCoherenceLoss(found, expected, labels: labels, holes: hole).scalar
    let two = textureCoherenceLoss(
      concatenate([found, found], axis: 0), concatenate([expected, expected], axis: 0),
      labels: concatenate([labels, .zeros([1, 4, 4, 4])], axis: 0), holes: hole)
    #expect(abs(two.scalar - one / 2) < 1e-6)
    #expect(textureCoherenceLoss(found, expected, labels: labels, holes: .zeros([1, 4, 4, 1])).scalar == 0)
  }

  @Test func `gradients of order 1 and 2 agree with finite differences`() {
    let error = GradientCheck.largestError(at: [.noise("x", [1, 4, 4, 2])]) {
      textureCoherenceLoss($0[0], .noise("y", [1, 4, 4, 2]), labels: labels, holes: hole)
    }
    #expect(error < GradientCheck.tolerance)
  }
}

@Suite struct GramMatrixTests {
  @Test func `each element is the sum of two channels' products, divided by all sizes`() {
    let features = Tensor.wave([2, 3, 2, 4])
    let found = gramMatrix(features)
    #expect(found.shape == [2, 4, 4])
    for (sample, i, j) in [(0, 0, 0), (0, 1, 3), (1, 3, 1), (1, 2, 2)] {
      var sum: Scalar = 0
      for y in 0..<3 { for x in 0..<2 { sum += features[sample, y, x, i] * features[sample, y, x, j] } }
      #expect(abs(found[sample, i, j] - sum / 24) < 1e-6)
    }
  }

  @Test func `its gradient agrees with finite differences`() {
    #expect(GradientCheck.largestError(at: [.wave([1, 2, 3, 2])]) { gramMatrix($0[0]) } < GradientCheck.tolerance)
  }
}
