import Imaging
import InpaintingData
import InpaintingModels
import Kernels
import NeuralNetworks
import Support
import Tensors

/// One run of the network: what it makes of a region's view, at the view's own size.
///
/// A view that is larger than what the network was trained with is scaled down, and the results are scaled up.
struct RegionPass {
  /// The known pixels, and the network's in the hole, as `pasting` puts them there.
  let completed: Picture
  /// The raw pictures of the stages before the last, by name.
  let stages: [(name: String, picture: Picture)]
  /// For each pixel of the view, how far away the network's attention looks, in pixels of the view.
  let offsets: OffsetField?
  /// The classes of the view's pixels as the network predicts them.
  let labels: LabelMap?
  /// The same of the scales before the last, by name.
  let scaleLabels: [(name: String, map: LabelMap)]

  /// - Parameters:
  ///   - view: The part of the example; what the picture shows in the hole plays no part.
  ///   - size: The size at which the network is to see it.
  ///   - isGray: Asks for pictures of equal red, green and blue; those of a gray view have one channel.
  ///   - pasting: The way in which the last stage's picture is put into the hole.
  ///   - detail: The strength of the detail that patches add to it, 0...1.
  ///   - parts: What is asked for beside the completed picture: `offsets` for attention, `labels`.
  ///   - isCancelled: Asked before and after the network ran, and in what follows.
  /// - Throws: `Failure` of the kind `data` if the network's numbers are not finite, as happens with damaged weights;
  ///   `CancellationError`.
  init(
    _ view: Example, size: (width: Int, height: Int), model: any InpaintingModel, isGray: Bool = false,
    pasting: Pasting = .plain, detail: Double = 0, shown parts: ShownParts = [],
    isCancelled: @Sendable () -> Bool = { false }
  ) throws {
    func requireInterest() throws { guard !isCancelled() else { throw CancellationError() } }
    try requireInterest()
    let viewSize = (width: view.picture.width, height: view.picture.height)
    let isScaled = size != viewSize
    // A neutral gray, so that resampling carries nothing out of the hole.
    let visible = view.picture.withMissingPixels(of: view.hole, filledWith: 128)
    let seen = Example(
      picture: visible.resized(toWidth: size.width, height: size.height),
      // Whatever has a part in the hole is missing.
      hole: view.hole.resizedCovering(toWidth: size.width, height: size.height),
      conditions: view.conditions.map { $0.resized(toWidth: size.width, height: size.height) },
      name: view.name)
    let input = PaddedInput(seen, for: model)
    let filling = model.fill(input.batch)
    try requireInterest()
    guard filling.completed.isFinite else {
      throw Failure(.data, "the network's filling is not finite: the weights are damaged, or of another model")
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
    try requireInterest()
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
