import Tensors

/// An Inception block, which concatenates the channels of parallel branches: torchvision's `InceptionA` to
/// `InceptionE`.
final class InceptionBlock: Layer {
  /// A sequence of convolutions, which may end in two parallel ones whose channels are concatenated.
  final class Branch: Module {
    let stem: [InceptionConvolution]
    let ends: [InceptionConvolution]

    init(stem: [InceptionConvolution], ends: [InceptionConvolution] = []) {
      self.stem = stem
      self.ends = ends
    }

    func callAsFunction(_ x: Tensor) -> [Tensor] {
      let x = stem.reduce(x) { $1($0) }
      return ends.isEmpty ? [x] : ends.map { $0(x) }
    }
  }

  /// The pooling before the last branch.
  enum Pooling {
    /// 3x3 average pooling with stride 1; padding does not count.
    case average
    /// 3x3 max pooling with stride 1.
    case maximum
    /// 3x3 max pooling with stride 2.
    case reducing
  }

  /// The branches without pooling, in the order of their channels.
  let branches: [Branch]
  private let pooling: Pooling
  /// The last branch, after the pooling; empty if the pooling is all of it.
  let pooled: Branch

  init(_ branches: [Branch], pooling: Pooling, pooled: Branch = Branch(stem: [])) {
    self.branches = branches
    self.pooling = pooling
    self.pooled = pooled
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let reduced =
      switch pooling {
      case .average: x.averagePool(kernel: 3, stride: 1, padding: Padding(1))
      case .maximum: x.maxPool(kernel: 3, stride: 1, padding: Padding(1))
      case .reducing: x.maxPool(kernel: 3, stride: 2)
      }
    return concatenate(branches.flatMap { $0(x) } + pooled(reduced), axis: 3)
  }
}

/// Builds the block of a name from a state dictionary.
struct InceptionBlockBuilder {
  let name: String
  let inputs: Int
  let weights: StateDictionaryReader

  private typealias Kernel = (height: Int, width: Int)
  private static let point: Kernel = (1, 1)
  private static let row: Kernel = (1, 7)
  private static let column: Kernel = (7, 1)

  /// `InceptionA`: kernels of 1x1, 5x5, twice 3x3, and average pooling; keeps the size.
  func a(pooled: Int) throws -> InceptionBlock {
    try InceptionBlock(
      [
        branch("branch1x1", [(64, Self.point)]), branch("branch5x5", [(48, Self.point), (64, (5, 5))]),
        branch("branch3x3dbl", [(64, Self.point), (96, (3, 3)), (96, (3, 3))]),
      ], pooling: .average, pooled: branch("branch_pool", [(pooled, Self.point)]))
  }

  /// `InceptionB`: halves the size.
  func b() throws -> InceptionBlock {
    try InceptionBlock(
      [
        branch("branch3x3", [(384, (3, 3))], ending: .halving),
        branch("branch3x3dbl", [(64, Self.point), (96, (3, 3)), (96, (3, 3))], ending: .halving),
      ], pooling: .reducing)
  }

  /// `InceptionC`: kernels of 1x1, and of 7x7 factorized into 1x7 and 7x1; keeps the size.
  func c(width: Int) throws -> InceptionBlock {
    try InceptionBlock(
      [
        branch("branch1x1", [(192, Self.point)]),
        branch("branch7x7", [(width, Self.point), (width, Self.row), (192, Self.column)]),
        branch(
          "branch7x7dbl",
          [(width, Self.point), (width, Self.column), (width, Self.row), (width, Self.column), (192, Self.row)]),
      ], pooling: .average, pooled: branch("branch_pool", [(192, Self.point)]))
  }

  /// `InceptionD`: halves the size.
  func d() throws -> InceptionBlock {
    try InceptionBlock(
      [
        branch("branch3x3", [(192, Self.point), (320, (3, 3))], ending: .halving),
        branch(
          "branch7x7x3", [(192, Self.point), (192, Self.row), (192, Self.column), (192, (3, 3))], ending: .halving),
      ], pooling: .reducing)
  }

  /// `InceptionE`: two branches end in parallel 1x3 and 3x1 convolutions; keeps the size.
  func e(pooling: InceptionBlock.Pooling) throws -> InceptionBlock {
    try InceptionBlock(
      [
        branch("branch1x1", [(320, Self.point)]), branch("branch3x3", [(384, Self.point)], ending: .forked),
        branch("branch3x3dbl", [(448, Self.point), (384, (3, 3))], ending: .forked),
      ], pooling: pooling, pooled: branch("branch_pool", [(192, Self.point)]))
  }

  /// The last layer of a branch.
  private enum Ending {
    case plain
    /// The last convolution has stride 2, and no padding.
    case halving
    /// Parallel 1x3 and 3x1 convolutions follow the last one.
    case forked
  }

  /// - Parameter layers: The output channels and the kernel of each convolution.
  private func branch(
    _ branch: String, _ layers: [(outputs: Int, kernel: Kernel)], ending: Ending = .plain
  ) throws -> InceptionBlock.Branch {
    var inputs = self.inputs
    let stem = try layers.enumerated().map { index, layer in
      defer { inputs = layer.outputs }
      let halves = ending == .halving && index == layers.count - 1
      let isAlone = layers.count == 1 && ending != .forked
      return try InceptionConvolution(
        "\(name).\(branch)" + (isAlone ? "" : "_\(index + 1)"), inputs, layer.outputs, kernel: layer.kernel,
        stride: halves ? 2 : 1, padded: !halves, from: weights)
    }
    guard ending == .forked else { return InceptionBlock.Branch(stem: stem) }
    let kernels: [(letter: String, kernel: Kernel)] = [("a", (1, 3)), ("b", (3, 1))]
    let ends = try kernels.map { letter, kernel in
      try InceptionConvolution(
        "\(name).\(branch)_\(layers.count + 1)\(letter)", inputs, 384, kernel: kernel, from: weights)
    }
    return InceptionBlock.Branch(stem: stem, ends: ends)
  }
}
