import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct NonLocalBlockTests {
  private typealias Kind = NonLocalBlock.Kind
  private let x = GoldenFill.features(2, 4, 4, 6)

  /// A block without normalization, unless that is changed.
  private func block(
    _ kind: NonLocalBlock.Kind = .embeddedGaussian, channels: Int = 4,
    _ change: (inout NonLocalBlock.Options) -> Void = { _ in }
  ) -> NonLocalBlock {
    var options = NonLocalBlock.Options()
    options.kind = kind
    options.subSample = false
    options.batchNorm = false
    change(&options)
    return NonLocalBlock(channels: channels, options: options, initialization: Initialization(seed: 3))
  }

  /// The published values of a kind.
  struct Golden: Sendable {
    let kind: NonLocalBlock.Kind
    let isSubSampled: Bool
    let output: GoldenValue
    let slope: Double
    var gradients: [String: Double] = [:]
  }

  static let golden = [
    Golden(
      kind: .embeddedGaussian, isSubSampled: false,
      output: GoldenValue(sum: -47.0643264234, squares: 133.3750009379, first: 0.4130510098, last: 0.5095388576),
      slope: 96.1517791417, gradients: ["theta.weight": 0.0207120553, "phi.weight": 0.0165550847, "phi.bias": 0]),
    Golden(
      kind: .embeddedGaussian, isSubSampled: true,
      output: GoldenValue(sum: -51.2130771147, squares: 143.7300433258, first: 0.4756530236), slope: 98.0750863472,
      gradients: ["theta.weight": 0.0010516501, "phi.0.weight": 0.0035467883, "phi.0.bias": 0]),
    Golden(
      kind: .dotProduct, isSubSampled: false,
      output: GoldenValue(sum: -32.3180166501, squares: 106.9124524207, first: 0.1755354694), slope: 92.6008485680),
    Golden(
      kind: .dotProduct, isSubSampled: true,
      output: GoldenValue(sum: -30.0674835856, squares: 104.4494175577), slope: 91.0211414250),
    Golden(
      kind: .gaussian, isSubSampled: false,
      output: GoldenValue(sum: -47.0121247126, squares: 133.6174918426), slope: 96.0091965066),
    Golden(
      kind: .gaussian, isSubSampled: true,
      output: GoldenValue(sum: -51.1597720120, squares: 143.5910194934), slope: 97.9640300344),
    Golden(
      kind: .concatenation, isSubSampled: false,
      output: GoldenValue(sum: -34.9237693264, squares: 109.6893935083, first: 0.1996274839), slope: 103.5769580655,
      gradients: ["concat_project.0.weight": 0.6499410917]),
    Golden(
      kind: .concatenation, isSubSampled: true,
      output: GoldenValue(sum: -36.5323995547, squares: 111.7936179074), slope: 108.5255735181),
  ]

  private let concatenation = [
    "concat_project.0.weight": Tensor([0.3, -0.2, 0.25, 0.35], shape: [1, 4, 1, 1])
  ]

  @Test(arguments: golden)
  func `every kind gives its golden values, and so do its gradients`(_ golden: Golden) throws {
    let block = block(golden.kind) { $0.subSample = golden.isSubSampled }
    let run = try GoldenRun(block, values: golden.kind == .concatenation ? concatenation : [:], at: x)
    let difference = run.difference(
      fromOutput: golden.output, slopes: GoldenValue(squares: golden.slope), squares: golden.gradients)
    #expect(difference < GoldenValue.tolerance)
  }

  @Test func `with normalization it gives its golden values, and running statistics follow`() throws {
    let block = NonLocalBlock(channels: 4, initialization: Initialization(seed: 3))
    let run = try GoldenRun(block, at: x)
    let output = GoldenValue(sum: -33.7696122860, squares: 115.7214507443, first: -0.4653515946, last: 1.0294848242)
    let slope = GoldenValue(squares: 1070.1077988605)
    #expect(run.difference(fromOutput: output, slopes: slope) < GoldenValue.tolerance)
    // Normalization takes the bias away again; what is left is rounding, times 1 / a deviation of 4e-3, squared.
    #expect(run.gradients["W.0.bias"]!.elements.allSatisfy { abs($0) < Scalar(tolerance(1e-2, 1e-9)) })
    let normalization = try #require(block.normalization)
    let (mean, variance) = (normalization.runningMean.value, normalization.runningVariance.value)
    let means = Tensor([0.0373101739, -0.0288843482, -0.0708759603, -0.0514197644], shape: [4])
    let variances = Tensor([0.9000008916, 0.9000004861, 0.9000020261, 0.9000000791], shape: [4])
    #expect(mean.largestDifference(from: means) < tolerance(1e-6, 1e-10))
    #expect(variance.largestDifference(from: variances) < tolerance(1e-6, 1e-10))
  }

  @Test func `an untrained block gives its input, and only the normalization's weight and bias learn`() {
    let first = FirstStep(of: block { $0.batchNorm = true }, at: x)
    #expect(first.isIdentity)
    #expect(first.learning == ["normalization.weight", "normalization.bias"])
  }

  @Test(arguments: NonLocalBlock.Kind.allCases)
  func `an untrained block without normalization gives its input, and only W learns`(_ kind: NonLocalBlock.Kind) {
    let first = FirstStep(of: block(kind), at: x)
    #expect(first.isIdentity)
    #expect(first.learning == ["output.weight", "output.bias"])
  }

  @Test(arguments: [false, true])
  func `a block that does not start at 0 changes its input at once`(_ batchNorm: Bool) {
    let block = block {
      $0.initZero = false
      $0.batchNorm = batchNorm
    }
    #expect(!FirstStep(of: block, at: x).isIdentity)
  }

  @Test(arguments: NonLocalBlock.Kind.allCases, [false, true])
  func `the weights say what is drawn`(_ kind: NonLocalBlock.Kind, _ scale: Bool) throws {
    guard kind.isSoftmax || !scale else { return }
    let block = block(kind) { $0.scale = scale }
    try block.loadGoldenFill(values: kind == .concatenation ? concatenation : [:])
    let values = block.value(x).positions
    let rows = (0..<24).map { block.weights(ofRow: $0 / 6, column: $0 % 6, in: x).reshaped(to: [2, 1, 24]) }
    let drawn = matmul(concatenate(rows, axis: 1), values).reshaped(to: [2, 4, 6, 2])
    #expect(block(x).largestDifference(from: x + block.output(drawn)) < tolerance(1e-5, 1e-13))
    guard kind.isSoftmax else { return }
    #expect(rows.allSatisfy { abs($0.sum().scalar - 2) < Scalar(tolerance(1e-5, 1e-13)) })
  }

  @Test func `scaled products are divided by the root of their length`() throws {
    let (scaled, plain) = (block { $0.scale = true }, block())
    try scaled.loadGoldenFill()
    try plain.loadGoldenFill()
    let root = Scalar(2).squareRoot()
    plain.query!.weight.assign(plain.query!.weight.value / root)
    plain.query!.bias!.assign(plain.query!.bias!.value / root)
    #expect(scaled(x).largestDifference(from: plain(x)) < tolerance(1e-6, 1e-14))
  }

  @Test func `pooling before keys and values are made is another thing than after`() throws {
    let (before, after) = (
      block {
        $0.subSample = true
        $0.poolPosition = .before
      }, block { $0.subSample = true }
    )
    try before.loadGoldenFill()
    try after.loadGoldenFill()
    #expect(before(x).largestDifference(from: after(x)) > 0.01)
    let pooled = x.maxPool(kernel: 2)
    let weights = softmax(matmul(before.query!(x).positions, before.key!(pooled).positions, transposeRight: true))
    let drawn = matmul(weights, before.value(pooled).positions).reshaped(to: [2, 4, 6, 2])
    #expect(before(x).largestDifference(from: x + before.output(drawn)) < tolerance(1e-6, 1e-14))
    #expect(before.multiplyAdds(height: 4, width: 6) == 8 * (2 * 24 + 2 * 6) + 2 * 24 * 6 * 2)
  }

  @Test(arguments: NonLocalBlock.Kind.allCases)
  func `non-local: every position reaches every other`(_ kind: NonLocalBlock.Kind) throws {
    let block = block(kind)
    try block.loadGoldenFill(values: kind == .concatenation ? concatenation : [:])
    // So that no ReLU is 0: a position draws nothing from another one then.
    if kind == .concatenation { block.query?.bias?.assign(Tensor([5, -5], shape: [2])) }
    #expect(LayerChecks.reach(of: block, toRow: 0, column: 0, in: GoldenFill.features(1, 4, 4, 6)).count == 24)
  }

  @Test(arguments: NonLocalBlock.Kind.allCases, [1, 5])
  func `blocks give what the whole gives, for gradients of gradients too`(
    _ kind: NonLocalBlock.Kind, _ queries: Int
  ) throws {
    let (whole, blocked) = (
      block(kind), block(kind) { $0.scoreBytes = queries * 2 * 24 * MemoryLayout<Scalar>.stride }
    )
    try whole.loadGoldenFill()
    try blocked.loadGoldenFill()
    #expect(LayerChecks.largestDifference(between: blocked, and: whole, at: x) < tolerance(5e-2, 1e-9))
  }

  @Test func `dot products in either order are the same, and the cheaper one is taken`() throws {
    // Two keys only: a map of positions and keys is smaller than one of channels.
    let (x, block) = (GoldenFill.features(2, 16, 1, 2), block(.dotProduct, channels: 16))
    try block.loadGoldenFill()
    let (q, k, v) = (block.query!(x).positions, block.key!(x).positions, block.value(x).positions)
    let regrouped = matmul(q, matmul(k, v, transposeLeft: true)).reshaped(to: [2, 1, 2, 8]) / 2
    #expect(block(x).largestDifference(from: x + block.output(regrouped)) < tolerance(1e-5, 1e-13))
    #expect(block.multiplyAdds(height: 1, width: 2) == 4 * 2 * 16 * 8 + 2 * 2 * 2 * 8)
    #expect(block.multiplyAdds(height: 4, width: 6) == 4 * 24 * 16 * 8 + 2 * 24 * 8 * 8)
  }

  @Test func `sizes and costs are those of the paper`() {
    // 4 C C′ + 3 C′ + C; the Gaussian has no θ and φ, concatenation a vector more, normalization two.
    #expect(block(.embeddedGaussian).parameterCount == 4 * 8 + 6 + 4)
    #expect(block(.dotProduct).parameterCount == 4 * 8 + 6 + 4)
    #expect(block(.gaussian).parameterCount == 2 * 8 + 2 + 4)
    #expect(block(.concatenation).parameterCount == 4 * 8 + 6 + 4 + 4)
    #expect(block { $0.batchNorm = true }.parameterCount == 4 * 8 + 6 + 4 + 8)
    #expect(block().multiplyAdds(height: 4, width: 6) == 4 * 24 * 8 + 2 * 24 * 24 * 2)
    #expect(block { $0.subSample = true }.multiplyAdds(height: 4, width: 6) == 4 * 24 * 8 + 2 * 24 * 6 * 2)
    #expect(block(.gaussian).multiplyAdds(height: 4, width: 6) == 2 * 24 * 8 + 24 * 24 * 6)
    #expect(block(.concatenation).multiplyAdds(height: 4, width: 6) == 4 * 24 * 8 + 48 * 2 + 24 * 24 * 2)
  }

  @Test func `names are those of the port`() {
    let names = block(.concatenation) {
      $0.subSample = true
      $0.batchNorm = true
    }.stateDictionary().map { "\($0.name) \($0.value.shape)" }
    #expect(
      names == [
        "g.0.weight [2, 4, 1, 1]", "g.0.bias [2]", "W.0.weight [4, 2, 1, 1]", "W.0.bias [4]", "W.1.weight [4]",
        "W.1.bias [4]", "W.1.running_mean [4]", "W.1.running_var [4]", "theta.weight [2, 4, 1, 1]", "theta.bias [2]",
        "phi.0.weight [2, 4, 1, 1]", "phi.0.bias [2]", "concat_project.0.weight [1, 4, 1, 1]",
      ])
    #expect(block(.gaussian).stateDictionary().map(\.name) == ["g.weight", "g.bias", "W.weight", "W.bias"])
  }

  @Test func `what cannot be built is told`() {
    var options = NonLocalBlock.Options()
    #expect(NonLocalBlock.problem(channels: 1, options: options) == nil)
    #expect(NonLocalBlock.problem(channels: 0, options: options)?.contains("(0)") == true)
    options.subSample = false
    options.poolPosition = .before
    #expect(NonLocalBlock.problem(channels: 4, options: options)?.contains("sub-sampling") == true)
    options.poolPosition = .after
    options.kind = .dotProduct
    options.scale = true
    #expect(NonLocalBlock.problem(channels: 4, options: options)?.contains("dot_product") == true)
  }
}
