import Imaging
import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// One run of the network: what it makes of a region's view, at the view's own size.
///
/// A view that is larger than what the network was trained with is scaled down, and the results are scaled up.
struct RegionPass {
  /// The known pixels, and the network's in the hole.
  let completed: Picture
  /// The raw pictures of the stages before the last, by name.
  let stages: [(name: String, picture: Picture)]
  /// For each pixel of the view, how far away the network's attention looks, in pixels of the view.
  let offsets: OffsetField?

  /// - Parameters:
  ///   - view: The part of the picture, 3 channels; what is in the hole plays no part.
  ///   - hole: The missing pixels of the view, one channel.
  ///   - size: What the network is to see.
  ///   - showsAttention: Whether `offsets` are asked for.
  /// - Throws: `Failure` of the kind `data` if the network's numbers are not finite, as happens with damaged weights.
  init(
    _ view: Picture, hole: Picture, size: (width: Int, height: Int), model: any InpaintingModel, showsAttention: Bool
  ) throws {
    let isScaled = size != (view.width, view.height)
    // A neutral grey, so that resampling carries nothing out of the hole.
    var visible = view.withMissingPixels(of: hole, filledWith: 128)
    var missing = hole
    if isScaled {
      visible = visible.resized(toWidth: size.width, height: size.height)
      // Whatever has a part in the hole is missing.
      missing = missing.resized(toWidth: size.width, height: size.height)
    }
    let input = PaddedInput(visible, hole: missing, multiple: model.sizeMultiple, isGuided: model.usesGuidance)
    let filling = model.fill(input.batch)
    guard filling.completed.isFinite else {
      throw Failure(.data, "the network's filling is not finite: the weights are damaged, or of another model")
    }
    func picture(_ output: Tensor) -> Picture {
      let picture = Picture(input.unpadded(output))
      return isScaled ? picture.resized(toWidth: view.width, height: view.height, filter: .bicubic) : picture
    }
    completed = picture(filling.completed)
    stages = filling.stages.dropLast().map { ($0.name, picture($0.pictures)) }
    let map = showsAttention ? model.attentionMaps(of: input.batch)?.first : nil
    offsets = map.map {
      OffsetField($0, padded: input.batch.holes.shape, size: size, scaledTo: (view.width, view.height))
    }
  }
}

extension OffsetField {
  /// An attention map, which is coarse, brought to the pixels of a view.
  ///
  /// - Parameters:
  ///   - padded: The shape of what the network saw, of which the map has a fraction of the sides.
  ///   - size: The part of it that is no padding.
  ///   - view: The size of the view, of which that part was made.
  fileprivate init(
    _ map: AttentionMap, padded: Shape, size: (width: Int, height: Int), scaledTo view: (width: Int, height: Int)
  ) {
    let (cellWidth, cellHeight) = (padded[2] / map.width, padded[1] / map.height)
    let (scaleX, scaleY) = (Float(view.width) / Float(size.width), Float(view.height) / Float(size.height))
    self.init(width: view.width, height: view.height) { x, y in
      let column = min(x * size.width / view.width / cellWidth, map.width - 1)
      let row = min(y * size.height / view.height / cellHeight, map.height - 1)
      let offset = map.offsets[row * map.width + column]
      return Offset(x: Float(offset.x * cellWidth) * scaleX, y: Float(offset.y * cellHeight) * scaleY)
    }
  }
}

extension Picture {
  /// One colour, the same value in each channel, where a hole has missing pixels.
  func withMissingPixels(of hole: Picture, filledWith value: UInt8) -> Picture {
    var result = self
    for (index, isMissing) in hole.pixels.enumerated() where isMissing != 0 {
      for channel in 0..<channels { result.pixels[index * channels + channel] = value }
    }
    return result
  }
}
