import Tensors

/// Pictures with holes in them, as models take them.
package struct InpaintingBatch: Sendable {
  /// The whole pictures, [batch, height, width, 3], red, green and blue in −1...1. In use, when nobody knows what is in
  /// the holes, any values may be there: models look at the rest only.
  package let images: Tensor
  /// 1 where pixels are missing, 0 elsewhere: [batch, height, width, 1], or [1, height, width, 1] for all pictures.
  package let holes: Tensor
  /// Edges that the filling should follow, 1 on an edge, 0 elsewhere, in the same shapes as holes. Models that take none
  /// leave them alone.
  package let guidance: Tensor?

  package init(images: Tensor, holes: Tensor, guidance: Tensor? = nil) {
    precondition(
      images.rank == 4 && images.shape[3] == 3,
      "InpaintingBatch: expected images of shape [batch, height, width, 3], found \(images.shape)")
    for (name, map) in [("holes", holes), ("guidance", guidance ?? holes)] {
      precondition(
        map.rank == 4 && [1, images.shape[0]].contains(map.shape[0])
          && map.shape[1...] == [images.shape[1], images.shape[2], 1],
        "InpaintingBatch: expected \(name) of shape [\(images.shape[0]) or 1, \(images.shape[1]), "
          + "\(images.shape[2]), 1], found \(map.shape)")
    }
    self.images = images
    self.holes = holes
    self.guidance = guidance
  }

  /// The pictures with 0, mid-grey, in the holes.
  package var known: Tensor { images * (1 - holes) }

  /// The known pixels, bit for bit, and those of `pictures` in the holes.
  package func completed(with pictures: Tensor) -> Tensor { pictures * holes + known }
}
