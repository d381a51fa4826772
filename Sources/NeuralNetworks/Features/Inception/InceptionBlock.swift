import Tensors

/// Branches side by side, whose channels follow each other: one of torchvision's `InceptionA` to `InceptionE`.
final class InceptionBlock: Layer {
  /// Convolutions one after the other; the channels of the last ones, of which there may be two, follow each other.
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
    /// Means of 3x3 pixels, without the padding.
    case average
    /// Maxima of 3x3 pixels.
    case maximum
    /// Maxima of 3x3 pixels with stride 2.
    case reducing
  }

  /// In the order of their channels.
  let branches: [Branch]
  private let pooling: Pooling
  /// The last one, after the pooling; empty where that is all there is.
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
