import Kernels

extension Tensor {
  /// Bilinear sampling at fractional positions with zero padding, as PyTorch's `grid_sample` (Jaderberg et al., 2015,
  /// eq. 5). Gradients of any order flow to the feature maps and to the positions.
  ///
  /// (0, 0) is the center of the upper left pixel. A position at the center of a pixel gives exactly that pixel, and
  /// its derivative is the one to the right and downwards. A position that is NaN gives NaN.
  ///
  /// - Parameter places: The positions, x and y in pixels, [batch, new height, new width, 2], as from `affineGrid`.
  /// - Returns: From [batch, height, width, channels]: [batch, new height, new width, channels].
  package func sampled(at places: Tensor) -> Tensor {
    precondition(
      rank == 4 && shape[1] > 0 && shape[2] > 0 && places.rank == 4 && places.shape[0] == shape[0]
        && places.shape[3] == 2,
      "sampled: features of shape \(shape) cannot be sampled at positions of shape \(places.shape); expected "
        + "[batch, height, width, channels] and [batch, new height, new width, 2]")
    return sampled(at: places, slopes: [])
  }

  /// The same with derivatives of the weights along `slopes`. Sampling, with any derivatives, and its adjoint are each
  /// other's pullbacks.
  fileprivate func sampled(at places: Tensor, slopes: BilinearSampling.Slopes) -> Tensor {
    let saved = SavedTensor(self)
    let sampling = BilinearSampling(pictures: shape, places: places.shape, slopes: slopes)
    return Tensor(shape: places.shape.dropLast() + [shape[3]]) { out in
      sampleBilinear(sampling, source, at: places.source, into: out.baseAddress!)
    }
    .recorded(
      from: (
        self, { [shape] cotangent, _ in cotangent.spread(over: shape, at: places, slopes: slopes) }
      ),
      (places, { cotangent, _ in slope(ofPlaces: places, slopes, saved.value, cotangent) }))
  }

  /// The adjoint of `sampled`: adds each position's values to the pixels that they were sampled from.
  fileprivate func spread(over pictures: Shape, at places: Tensor, slopes: BilinearSampling.Slopes) -> Tensor {
    let sampling = BilinearSampling(pictures: pictures, places: places.shape, slopes: slopes)
    return Tensor(shape: pictures) { out in
      scatterBilinear(sampling, source, at: places.source, into: out.baseAddress!)
    }
    .recorded(
      from: (self, { cotangent, _ in cotangent.sampled(at: places, slopes: slopes) }),
      (places, { cotangent, _ in slope(ofPlaces: places, slopes, cotangent, self) }))
  }
}

/// The gradient of ⟨`pictures` sampled at the positions, `readings`⟩ with respect to the positions. It is 0 along an
/// axis whose weights are derivatives already, because the weights are piecewise linear.
private func slope(
  ofPlaces places: Tensor, _ slopes: BilinearSampling.Slopes, _ pictures: Tensor, _ readings: Tensor
) -> Tensor {
  let axes = [BilinearSampling.Slopes.x, .y].map { axis in
    slopes.contains(axis)
      ? Tensor.zeros(places.shape.dropLast() + [1])
      : (pictures.sampled(at: places, slopes: slopes.union(axis)) * readings).sum(axes: [-1])
  }
  return concatenate(axes, axis: -1)
}

extension BilinearSampling {
  fileprivate init(pictures: Shape, places: Shape, slopes: Slopes) {
    self.init(
      batch: pictures[0], height: pictures[1], width: pictures[2], channels: pictures[3], places: places[1] * places[2],
      slopes: slopes)
  }
}

/// The sampling grid of affine transforms (Jaderberg et al., 2015, eq. 1).
///
/// A transform θ maps a position of the target to one of the source, (x, y) = θ · (x′, y′, 1), where −1 and 1 are the
/// outer edges of the border pixels, or with `alignCorners` their centers. PyTorch's `affine_grid` returns these x and
/// y; here they are converted to pixels. They are computed as offsets from the identity, so that the identity between
/// equal sizes is exact for any size.
///
/// - Parameters:
///   - transforms: [batch, 2, 3].
///   - source: The size of the feature maps that are sampled.
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

/// One axis of a sampling grid.
private struct GridAxis {
  let source: Int
  let target: Int
  let alignCorners: Bool

  init(from source: Int, to target: Int, _ alignCorners: Bool) {
    self.source = source
    self.target = target
    self.alignCorners = alignCorners
  }

  /// The normalized coordinate, in −1...1, of a pixel of the target; 0 for a single pixel.
  func position(_ index: Int) -> Double {
    if target == 1 { return 0 }
    return alignCorners ? Double(2 * index) / Double(target - 1) - 1 : Double(2 * index + 1) / Double(target) - 1
  }

  /// The source coordinate of a target pixel under the identity, in pixels; `index` itself for equal sizes.
  func pixel(_ index: Int) -> Double {
    if target == 1 { return Double(source - 1) / 2 }
    return alignCorners
      ? Double(index * (source - 1)) / Double(target - 1)
      : Double((2 * index + 1) * source - target) / Double(2 * target)
  }

  /// The number of source pixels per unit of the normalized coordinate.
  var pixelsPerUnit: Double { Double(alignCorners ? source - 1 : source) / 2 }
}
