import Imaging
package import InpaintingData
import InpaintingModels
import NeuralNetworks
package import Tensors

/// Inpainting of pictures of any size, with a network that was trained with pictures of one size.
///
/// Results are composited from bytes: a pixel outside the hole never passes a network or a resampling.
package final class PictureFiller {
  private let model: any InpaintingModel
  /// The side of the pictures that the network was trained with.
  private let trainedSize: Int
  private let memory: WholePictureMemory

  /// - Parameters:
  ///   - model: The model, which is set to evaluation mode.
  ///   - trainedSize: The side of the pictures that it was trained with.
  package init(model: any InpaintingModel, trainedSize: Int) {
    precondition(trainedSize > 0, "PictureFiller: \(trainedSize) is no size of pictures")
    for network in model.networks { network.module.setTraining(false) }
    self.model = model
    self.trainedSize = trainedSize
    memory = WholePictureMemory(of: model)
  }

  /// Fills a hole; in gray if the picture is gray, even if it has three channels.
  ///
  /// - Parameters:
  ///   - example: The picture, its hole and its conditions; those that the model does not take are ignored. A picture
  ///     without other references is filled in place.
  ///   - strategy: The part that the network sees at once; nil chooses what suits the picture.
  ///   - pasting: The method of pasting the network's prediction into the hole.
  ///   - detail: The strength of the detail of patches that is added, 0...1.
  ///   - parts: The additional parts that are requested.
  ///   - isCancelled: Polled between the network's runs and during postprocessing, on any thread.
  ///   - progress: Called before each region with its index and their number.
  /// - Throws: `Failure` of the kind `data` if the picture is too large to be filled whole, or the network's output is
  ///   not finite; `CancellationError`.
  package func fill(
    _ example: consuming Example, strategy: FillingStrategy? = nil, pasting: Pasting = .plain,
    detail: Double = 0, showing parts: ShownParts = [],
    isCancelled: @Sendable () -> Bool = { false }, progress: (_ region: Int, _ count: Int) -> Void = { _, _ in }
  ) throws -> FilledPicture {
    var (filled, missing) = (example.picture, example.hole)
    let (conditions, name) = (example.conditions, example.name)
    // With a second reference, the first changed pixel would copy a large picture.
    _ = consume example
    let strategy =
      strategy ?? .suiting(width: filled.width, height: filled.height, trainedSize: trainedSize)
    let regions = try regions(of: missing, strategy: strategy)
    let isGray = filled.isGray(outside: missing)
    var stages: [(name: String, picture: Picture)] = []
    var offsets: OffsetField?
    var labels: LabelMap?
    var scaleLabels: [(name: String, map: LabelMap)] = []
    for (index, region) in regions.enumerated() {
      progress(index, regions.count)
      let pass = try RegionPass(
        Example(picture: filled, hole: missing, conditions: conditions, name: name)
          .cropped(to: region.view),
        size: strategy == .whole
          ? (region.view.width, region.view.height) : region.fillSize(trainedSize: trainedSize),
        model: model, isGray: isGray, pasting: pasting, detail: detail, shown: parts, isCancelled: isCancelled)
      if parts.contains(.stages) {
        if stages.isEmpty { stages = pass.stages.map { ($0.name, filled) } }
        for (number, stage) in pass.stages.enumerated() {
          stages[number].picture.paste(stage.picture, into: region, missing: missing)
        }
      }
      if let found = pass.offsets {
        offsets = offsets ?? OffsetField(width: filled.width, height: filled.height)
        offsets?.paste(found, into: region, missing: missing)
      }
      if let found = pass.labels {
        labels = labels ?? LabelMap(ignoredOfWidth: filled.width, height: filled.height, classes: found.classes)
        labels?.paste(found, into: region)
        if scaleLabels.isEmpty {
          scaleLabels = pass.scaleLabels.map { name, map in
            (name, LabelMap(ignoredOfWidth: filled.width, height: filled.height, classes: map.classes))
          }
        }
        for (number, scale) in pass.scaleLabels.enumerated() { scaleLabels[number].map.paste(scale.map, into: region) }
      }
      filled.paste(pass.completed, into: region, missing: missing)
      // Filled pixels are known pixels for the regions that follow.
      missing.clear(region.target)
    }
    return FilledPicture(
      picture: filled, stages: stages, offsets: offsets, labels: labels, scaleLabels: scaleLabels,
      strategy: strategy, regionCount: regions.count)
  }

  /// The network's raw output for a whole picture, in −1...1 and without rounding.
  ///
  /// - Returns: The output of every stage by its name, and `composited`, the known pixels with the last stage's output
  ///   in the hole: [1, height, width, 3].
  /// - Throws: `Failure` of the kind `data` if the picture is too large to be filled whole.
  package func tensors(of example: Example) throws -> [(name: String, value: Tensor)] {
    try memory.requireRoom(width: example.picture.width, height: example.picture.height)
    let input = PaddedInput(example, for: model)
    let filling = model.fill(input.batch)
    return filling.stages.map { ($0.name, input.unpadded($0.pictures)) }
      + [("composited", input.unpadded(filling.completed))]
  }

  private func regions(of hole: Hole, strategy: FillingStrategy) throws -> [Region] {
    switch strategy {
    case .whole:
      guard !hole.isEmpty else { return [] }
      try memory.requireRoom(width: hole.width, height: hole.height)
      return [Region(wholeOf: PixelRectangle(x: 0, y: 0, width: hole.width, height: hole.height))]
    case .crop:
      return RegionPlan(of: hole, trainedSize: trainedSize).regions
    }
  }
}

/// The input of a network: an example padded by reflection on the right and at the bottom, until its sides are
/// multiples of the network's `sizeMultiple`.
struct PaddedInput {
  let batch: InpaintingBatch
  /// The size without padding.
  private let width: Int
  private let height: Int

  /// - Parameter example: The example; in the padding the reflections of missing pixels are missing.
  init(_ example: Example, for model: any InpaintingModel) {
    width = example.picture.width
    height = example.picture.height
    batch = InpaintingBatch([example.padded(toMultipleOf: model.sizeMultiple)], conditions: model.conditions)
  }

  /// A network's output without the padding: [1, height, width, channels].
  func unpadded(_ output: Tensor) -> Tensor {
    if output.shape[1] == height && output.shape[2] == width { return output }
    return output.sliced([0..<output.shape[0], 0..<height, 0..<width, 0..<output.shape[3]])
  }
}

/// The part of a picture that a network sees at once.
public enum FillingStrategy: String, CaseIterable, Sendable {
  /// The whole picture at its own size. Memory and time grow with the picture, and the receptive field of a network
  /// that was trained with smaller pictures may be too small for a large hole.
  case whole
  /// A crop with the context of each hole, at a size that the network was trained for.
  case crop

  /// The strategy that suits a picture: `whole` up to one and a half times the size of the training, `crop` above.
  static func suiting(width: Int, height: Int, trainedSize: Int) -> FillingStrategy {
    2 * max(width, height) <= 3 * trainedSize ? .whole : .crop
  }
}
