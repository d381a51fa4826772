import Kernels

extension Tensor {
  /// Pictures read between their pixels, with bilinear weights of the four pixels around each place; pixels outside are
  /// zeros (Jaderberg et al., 2015, eq. 5). Gradients flow to the pictures and to the places, of any order.
  ///
  /// (0, 0) is the middle of the upper left pixel. A place in the middle of a pixel gives exactly that pixel, and its
  /// slope is the one to the right and downwards; a place that is not a number gives NaN.
  ///
  /// - Parameter places: x and y in pixels, [batch, new height, new width, 2]: such as `affineGrid` makes.
  /// - Returns: From [batch, height, width, channels]: [batch, new height, new width, channels].
  package func sampled(at places: Tensor) -> Tensor {
    precondition(
      rank == 4 && shape[1] > 0 && shape[2] > 0 && places.rank == 4 && places.shape[0] == shape[0]
        && places.shape[3] == 2,
      "sampled: pictures of shape \(shape) cannot be read at places of shape \(places.shape); expected "
        + "[batch, height, width, channels] and [batch, new height, new width, 2]")
    return sampled(at: places, slopes: [])
  }

  /// The same with slopes of the weights. Reading, with its slopes, and spreading are each other's rules.
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

  /// The adjoint of `sampled`: each place's numbers, added to the pixels that they were read from.
  fileprivate func spread(over pictures: Shape, at places: Tensor, slopes: BilinearSampling.Slopes) -> Tensor {
    let sampling = BilinearSampling(pictures: pictures, places: places.shape, slopes: slopes)
    return Tensor(shape: pictures) { out in
      spreadBilinear(sampling, source, at: places.source, into: out.baseAddress!)
    }
    .recorded(
      from: (self, { cotangent, _ in cotangent.sampled(at: places, slopes: slopes) }),
      (places, { cotangent, _ in slope(ofPlaces: places, slopes, cotangent, self) }))
  }
}

/// The slope in the places of ⟨pictures read at them, readings⟩. Along an axis whose weights are slopes already it is 0,
/// as weights are straight lines.
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
