/// From where affine transforms fetch each pixel of a picture (Jaderberg et al., 2015, eq. 1).
///
/// A transform θ takes a place of the result to one of the source, (x, y) = θ · (x′, y′, 1), where −1 and 1 are the ends of
/// either picture: the outer edges of its border pixels, or with `alignCorners` their middles. PyTorch's function of this
/// name gives these x and y; here they are in pixels already. They are computed as how far they are from where the
/// identity would have them, so that the identity between pictures of the same size is exact in any size.
///
/// - Parameters:
///   - transforms: [batch, 2, 3].
///   - source: The size of the pictures that are read.
///   - target: The size of the result; that of the source if nil.
/// - Returns: x and y in pixels of the source, [batch, target height, target width, 2], for `sampled(at:)`.
package func affineGrid(
  _ transforms: Tensor, from source: (height: Int, width: Int), to target: (height: Int, width: Int)? = nil,
  alignCorners: Bool = false
) -> Tensor {
  let target = target ?? source
  precondition(
    transforms.rank == 3 && transforms.shape[1...] == [2, 3],
    "affineGrid: expected transforms of shape [batch, 2, 3], found \(transforms.shape)")
  precondition(
    min(source.height, source.width, target.height, target.width) > 0,
    "affineGrid: there is no grid from \(source.height)x\(source.width) to \(target.height)x\(target.width) pixels")
  let rows = GridAxis(from: source.height, to: target.height, alignCorners)
  let columns = GridAxis(from: source.width, to: target.width, alignCorners)
  let places = target.height * target.width
  let ends = Tensor(shape: [places, 3]) { elements in
    for place in 0..<places {
      elements[3 * place] = Scalar(columns.position(place % target.width))
      elements[3 * place + 1] = Scalar(rows.position(place / target.width))
      elements[3 * place + 2] = 1
    }
  }
  let unmoved = Tensor(shape: [1, places, 2]) { elements in
    for place in 0..<places {
      elements[2 * place] = Scalar(columns.pixel(place % target.width))
      elements[2 * place + 1] = Scalar(rows.pixel(place / target.width))
    }
  }
  let moves = matmul(ends, transforms - Tensor([1, 0, 0, 0, 1, 0], shape: [1, 2, 3]), transposeRight: true)
  let pixels = Tensor([Scalar(columns.pixelsPerUnit), Scalar(rows.pixelsPerUnit)], shape: [1, 1, 2])
  return (moves * pixels + unmoved).reshaped(to: [transforms.shape[0], target.height, target.width, 2])
}

/// One axis of a grid.
private struct GridAxis {
  let source: Int
  let target: Int
  let alignCorners: Bool

  init(from source: Int, to target: Int, _ alignCorners: Bool) {
    self.source = source
    self.target = target
    self.alignCorners = alignCorners
  }

  /// The coordinate of a pixel of the result, whose ends are −1 and 1. A single one lies in the middle.
  func position(_ index: Int) -> Double {
    if target == 1 { return 0 }
    return alignCorners ? Double(2 * index) / Double(target - 1) - 1 : Double(2 * index + 1) / Double(target) - 1
  }

  /// The coordinate there in the source, in pixels. With equal sizes it is `index` itself.
  func pixel(_ index: Int) -> Double {
    if target == 1 { return Double(source - 1) / 2 }
    return alignCorners
      ? Double(index * (source - 1)) / Double(target - 1)
      : Double((2 * index + 1) * source - target) / Double(2 * target)
  }

  /// The number of pixels of the source from 0 to 1.
  var pixelsPerUnit: Double { Double(alignCorners ? source - 1 : source) / 2 }
}
