import Imaging
import InpaintingData
import InpaintingModels
import Kernels
import NeuralNetworks
import Support
import Tensors

/// One run of the network for a region, with results at the size of the region's view.
///
/// A view that is larger than the trained size is downsampled, and the results are upsampled.
struct RegionPass {
  /// The known pixels, with the prediction pasted into the hole.
  let completed: Picture
  /// The raw predictions of the stages before the last, by name.
  let stages: [(name: String, picture: Picture)]
  /// For each pixel of the view the offset to the position that the network attends to, in pixels of the view.
  let offsets: OffsetField?
  /// The classes of the view's pixels as the network predicts them.
  let labels: LabelMap?
  /// The predicted classes at the scales before the last, by name.
  let scaleLabels: [(name: String, map: LabelMap)]

  /// - Parameters:
  ///   - view: The cropped example; the contents of the hole are ignored.
  ///   - size: The size of the network's input.
  ///   - isGray: True makes results gray; those of a gray view have one channel.
  ///   - pasting: The method of pasting the last stage's prediction into the hole.
  ///   - detail: The strength of the detail of patches that is added, 0...1.
  ///   - parts: The additional parts that are requested: `offsets` for attention, `labels`.
  ///   - isCancelled: Polled before and after the network runs, and during postprocessing.
  /// - Throws: `Failure` of the kind `data` if the network's output is not finite, as happens with damaged weights;
  ///   `CancellationError`.
  init(
    _ view: Example, size: (width: Int, height: Int), model: any InpaintingModel, isGray: Bool = false,
    pasting: Pasting = .plain, detail: Double = 0, shown parts: ShownParts = [],
    isCancelled: @Sendable () -> Bool = { false }
  ) throws {
    func requireNotCancelled() throws { guard !isCancelled() else { throw CancellationError() } }
    try requireNotCancelled()
    let viewSize = (width: view.picture.width, height: view.picture.height)
    let isScaled = size != viewSize
    // A neutral gray, so that resampling carries nothing out of the hole.
    let visible = view.picture.withMissingPixels(of: view.hole, filledWith: 128)
    let seen = Example(
      picture: visible.resized(toWidth: size.width, height: size.height),
      // Partly missing pixels are missing.
      hole: view.hole.resizedCovering(toWidth: size.width, height: size.height),
      conditions: view.conditions.map { $0.resized(toWidth: size.width, height: size.height) },
      name: view.name)
    let input = PaddedInput(seen, for: model)
    let filling = model.fill(input.batch)
    try requireNotCancelled()
    guard filling.completed.isFinite else {
      throw Failure(
        .data, "expected finite numbers from the network, found others; the weights are damaged, or of another model")
    }
    func picture(_ output: Tensor) -> Picture {
      let prediction = Picture(input.unpadded(output))
      let toned = isGray ? prediction.gray() : prediction
      let picture = view.picture.channels == 1 ? toned : toned.rgb()
      return isScaled ? picture.resized(toWidth: viewSize.width, height: viewSize.height, filter: .bicubic) : picture
    }
    let pasted: Picture
    if pasting == .seamless, let last = filling.stages.last {
      pasted = SeamlessPaste.paste(
        picture(last.pictures), into: view.picture, hole: view.hole, threads: Threads.count, isCancelled: isCancelled)
    } else {
      pasted = picture(filling.completed)
    }
    completed = PatchDetail(strength: detail, scale: Double(viewSize.width) / Double(size.width))
      .added(to: pasted, of: view.picture, hole: view.hole, threads: Threads.count, isCancelled: isCancelled)
    try requireNotCancelled()
    stages = filling.stages.dropLast().map { ($0.name, picture($0.pictures)) }
    func unpadded(_ map: LabelMap) -> LabelMap {
      map.cropped(to: PixelRectangle(x: 0, y: 0, width: size.width, height: size.height))
        .resized(toWidth: viewSize.width, height: viewSize.height)
    }
    let showsLabels = parts.contains(.labels)
    labels = showsLabels ? model.labelMaps(of: filling)?.first.map(unpadded) : nil
    scaleLabels =
      showsLabels
      ? model.labelMapsOfScales(of: filling).compactMap { name, maps in maps.first.map { (name, unpadded($0)) } } : []
    let map = parts.contains(.attention) ? model.attentionMaps(of: input.batch)?.first : nil
    offsets = map.map {
      OffsetField($0, padded: input.batch.holes.shape, size: size, scaledTo: viewSize)
    }
  }
}

extension OffsetField {
  /// The offsets of a view from a coarse attention map, by nearest-neighbor upsampling.
  ///
  /// - Parameters:
  ///   - padded: The shape of the network's input, of whose sides the map's are a fraction.
  ///   - size: The size of the input without padding.
  ///   - view: The size of the view that was resized to that.
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
