import Tensors
import TestSupport
import Testing

@Suite struct SamplingTests {
  @Test func `places are x and y in pixels, and channels stay together`() {
    let x = Tensor.counting([1, 2, 3, 2])
    let places = Tensor([2, 1, 0.5, 0, 0, 0.25], shape: [1, 3, 1, 2])
    let y = x.sampled(at: places)
    #expect(y.shape == [1, 3, 1, 2])
    #expect(y.elements == [10, 11, 1, 2, 1.5, 2.5])
  }

  @Test func `each picture has places of its own`() {
    let x = Tensor.counting([2, 1, 2, 1])
    #expect(x.sampled(at: Tensor([1, 0, 0, 0], shape: [2, 1, 1, 2])).elements == [1, 2])
  }

  @Test func `outside there are zeros, for each of the four pixels by itself`() {
    let x = Tensor.ones([1, 2, 2, 1])
    let places = Tensor([-0.25, 0, 1.5, 1.5, -0.5, -0.5, 5, 0, -1, 0], shape: [1, 1, 5, 2])
    #expect(x.sampled(at: places).elements == [0.75, 0.25, 0.25, 0, 0])
  }

  @Test func `the slope at a pixel's middle is that behind it`() {
    let x = Tensor([1, 5, 7], shape: [1, 1, 3, 1])
    let places = Tensor([1, 0], shape: [1, 1, 1, 2])
    #expect(gradient(at: places) { x.sampled(at: $0).sum() }.elements == [2, -5])
  }

  @Test func `the gradient counts what a pixel weighed`() {
    let places = Tensor([0.25, 0, 0.75, 0, 2, 0, 9, 0], shape: [1, 1, 4, 2])
    let slope = gradient(at: Tensor.counting([1, 1, 3, 1])) { $0.sampled(at: places).sum() }
    #expect(slope.elements == [1, 1, 1])
  }

  @Test func `places of which there is none give nothing`() {
    #expect(Tensor.ones([1, 2, 2, 1]).sampled(at: .zeros([1, 0, 3, 2])).shape == [1, 0, 3, 1])
  }
}

@Suite struct AffineGridTests {
  struct Golden: Sendable {
    let alignCorners: Bool
    let value: GoldenValue
    let pictureSlope: GoldenValue
    let transformSlope: GoldenValue
  }

  /// PyTorch's `affine_grid` and `grid_sample`.
  static let goldens = [
    Golden(
      alignCorners: false,
      value: GoldenValue(sum: 4.3838130243, squares: 7.6712069067, first: 0.2920710404, last: 0.4618683330),
      pictureSlope: GoldenValue(squares: 6.2792940966),
      transformSlope: GoldenValue(sum: -12.1448424275, squares: 65.1734946641)),
    Golden(
      alignCorners: true, value: GoldenValue(sum: 4.1408975786, squares: 7.3499142284, first: 0.0998334166),
      pictureSlope: GoldenValue(squares: 5.8412871350),
      transformSlope: GoldenValue(sum: -10.0967076864, squares: 26.6393500199)),
  ]
  private static let identity = Tensor([1, 0, 0, 0, 1, 0], shape: [1, 2, 3])

  @Test(arguments: goldens)
  func `a picture is read where PyTorch reads it`(_ golden: Golden) {
    let picture = GoldenFill.features(1, 2, 4, 5)
    // With aligned corners the first place is the very middle of a pixel, whose slope is the one behind it: rounding must
    // not take it before.
    let margin = Scalar(tolerance(1e-6, 1e-11))
    let transform = Tensor([0.9, 0.2, 0.1 + margin, -0.15, 1.1, -0.05 + margin], shape: [1, 2, 3])
    func read(_ picture: Tensor, _ transform: Tensor) -> Tensor {
      picture.sampled(at: affineGrid(transform, from: (4, 5), to: (3, 4), alignCorners: golden.alignCorners))
    }
    let value = read(picture, transform)
    #expect(value.shape == [1, 3, 4, 2])
    #expect(golden.value.difference(fromFeatures: value) < GoldenValue.tolerance)
    let cotangent = GoldenFill.cotangent(ofFeatures: value.shape)
    let slopes = gradient(at: [picture, transform]) { dot(read($0[0], $0[1]), cotangent) }
    #expect(golden.pictureSlope.difference(fromFeatures: slopes[0]) < GoldenValue.tolerance)
    #expect(golden.transformSlope.difference(from: slopes[1]) < GoldenValue.tolerance)
  }

  @Test(arguments: [(1, 1), (1, 7), (64, 64), (33, 50), (97, 11)], [true, false])
  func `the identity gives every pixel's own place exactly`(_ size: (height: Int, width: Int), _ alignCorners: Bool) {
    let grid = affineGrid(Self.identity, from: size, alignCorners: alignCorners)
    let expected = (0..<size.height * size.width).flatMap { [Scalar($0 % size.width), Scalar($0 / size.width)] }
    #expect(grid.shape == [1, size.height, size.width, 2])
    let isExact = grid.elements == expected
    #expect(isExact)
  }

  @Test func `the ends are edges of pixels, or their middles`() {
    let edges = affineGrid(Self.identity, from: (1, 4), to: (1, 2))
    #expect(edges.elements == [0.5, 0, 2.5, 0])
    let middles = affineGrid(Self.identity, from: (1, 4), to: (1, 2), alignCorners: true)
    #expect(middles.elements == [0, 0, 3, 0])
    let single = affineGrid(Self.identity, from: (3, 4), to: (1, 1), alignCorners: true)
    #expect(single.elements == [1.5, 1])
  }

  @Test func `a shift by 1 is half of a picture`() {
    let shift = Tensor([1, 0, 1, 0, 1, -0.5], shape: [1, 2, 3])
    #expect(affineGrid(shift, from: (4, 6), to: (1, 1)).elements == [5.5, 0.5])
    #expect(affineGrid(shift, from: (5, 6), to: (1, 1), alignCorners: true).elements == [5, 1])
  }
}
