@_exported import Imaging
import InpaintingData
@_exported import InpaintingModels
import Kernels
@_exported import Support
import Synchronization

/// A trained network that fills holes in pictures: the main type of this library.
///
/// ```swift
/// let inpainter = try Inpainter(weights: "runs/deepfill_v2")
/// let filled = try inpainter.fill(picture, hole: hole)
/// let bytes = try filled.encoded(as: .png)
/// ```
///
/// Thread-safe. Concurrent fills run one after the other, as each computes on `threadCount` threads.
public final class Inpainter: Sendable {
  /// The network and its weights, in one line.
  public let description: String
  /// The side of the square pictures that the network was trained with, in pixels.
  public let trainedSize: Int
  /// True if the network takes sketches.
  public let takesSketches: Bool
  /// The classes of labels that the network takes; nil if it takes none.
  package let labelClasses: LabelClasses?
  private let filler: Mutex<PictureFiller>

  /// Reads weights.
  ///
  /// - Parameters:
  ///   - path: A checkpoint, a run directory, or a file of another program (`.safetensors`, `.pth`, `.pt`).
  ///   - colorOrder: The order of colors that another program's weights expect; nil for the order in their file's
  ///     metadata, or else `rgb`.
  ///   - usesAverage: True to use the moving average of the weights where a checkpoint has one.
  /// - Throws: `Failure` of the kind `missingInput` or `inputOutput`; `data` if the file fits no model, `usage` for a
  ///   color order that contradicts the file.
  public convenience init(weights path: String, colorOrder: ColorOrder? = nil, usesAverage: Bool = true) throws {
    self.init(try LoadedModel(path: path, colorOrder: colorOrder, usesAverage: usesAverage))
  }

  /// An inpainter with a model that was read already.
  package convenience init(_ loaded: sending LoadedModel) {
    self.init(
      PictureFiller(model: loaded.model, trainedSize: loaded.trainedSize), trainedSize: loaded.trainedSize,
      takesSketches: loaded.model.conditions.contains(.edges), labelClasses: loaded.model.requestedClasses,
      description: loaded.description)
  }

  init(
    _ filler: sending PictureFiller, trainedSize: Int, takesSketches: Bool = false, labelClasses: LabelClasses? = nil,
    description: String
  ) {
    self.takesSketches = takesSketches
    self.labelClasses = labelClasses
    self.filler = Mutex(filler)
    self.trainedSize = trainedSize
    self.description = description
  }

  /// Fills a hole. Pixels outside of it, alpha and metadata stay byte for byte as they are.
  ///
  /// - Parameters:
  ///   - picture: A picture of any size, RGB or gray. The hole is filled in gray if the picture is gray, or if all of
  ///     its known pixels are.
  ///   - hole: The hole, of the picture's size.
  ///   - sketch: A sketch to follow, white on black or black on white, of the picture's size; lines outside the hole
  ///     have no effect. For networks with `takesSketches`.
  ///   - labels: The classes to follow in the hole, of the picture's size; those outside have no effect. For networks
  ///     with `takesLabels`.
  ///   - strategy: The part of the picture that the network sees at once; nil for `whole` up to one and a half times
  ///     `trainedSize`, and `crop` above.
  ///   - pasting: The method of pasting the network's prediction into the hole.
  ///   - detail: The strength of the fine detail of patches that is added to the prediction, 0...1.
  /// - Throws: `Failure` of the kind `usage` if there is a sketch or a label map and the network takes none, or the
  ///   detail is out of range; `data` if the sizes differ, the picture is too large to be filled whole, or the
  ///   network's output is not finite.
  public func fill(
    _ picture: Picture, hole: Hole, sketch: Picture? = nil, labels: LabelMap? = nil, strategy: FillingStrategy? = nil,
    pasting: Pasting = .plain, detail: Double = 0
  ) throws -> Picture {
    let example = try example(picture, hole: hole, sketch: sketch, labels: labels)
    guard (0...1).contains(detail) else {
      throw Failure(.usage, "the detail: expected a strength from 0 to 1, found \(detail)")
    }
    return try filler.withLock { try $0.fill(example, strategy: strategy, pasting: pasting, detail: detail).picture }
  }

  /// True if the network takes label maps.
  public var takesLabels: Bool { labelClasses != nil }

  /// The classes of a picture's pixels as the network predicts them, also of the missing ones, for editing; pixels that
  /// the network did not see are ignored.
  ///
  /// - Returns: Nil if the network predicts none, or nothing is missing.
  /// - Throws: As `fill`.
  public func labels(of picture: Picture, hole: Hole) throws -> LabelMap? {
    let example = try example(picture, hole: hole, sketch: nil, labels: nil)
    return try filler.withLock { try $0.fill(example, showing: .labels).labels }
  }

  /// The label map of a PNG file's bytes: one that `LabelMap.encodedPNG()` made, which may have been edited in a paint
  /// program.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - name: Its name in messages.
  /// - Throws: `Failure` of the kind `usage` if the network takes no labels, `data` if a pixel has no class, or the
  ///   file is invalid.
  public func labels(decoding bytes: [UInt8], name: String) throws -> LabelMap {
    guard let labelClasses else {
      throw Failure(.usage, "\(name): expected no labels, since the network was trained without")
    }
    return try LabelMap(decoding: bytes, name: name, classes: labelClasses, remap: LabelRemap())
  }

  /// - Throws: As `fill`.
  private func example(_ picture: Picture, hole: Hole, sketch: Picture?, labels: LabelMap?) throws -> Example {
    guard (picture.width, picture.height) == (hole.width, hole.height) else {
      throw Failure(
        .data,
        "the hole: expected the size of the picture, \(picture.width)x\(picture.height), found "
          + "\(hole.width)x\(hole.height)")
    }
    if sketch != nil { try requireSketches() }
    try sketch?.requireSize(of: picture, file: "the sketch")
    guard labels == nil || labels?.classes == labelClasses else {
      throw Failure(
        .usage,
        "the labels: expected \(labelClasses.map { "those of \($0.name)" } ?? "none"), found another list of classes")
    }
    try labels?.requireSize(of: picture, file: "the labels")
    let conditions: [(any ConditionRaster)?] = [
      sketch.map { SketchReading($0).edges }, labels.map(RequestedLabels.init),
    ]
    return Example(
      picture: picture, hole: hole, conditions: Conditions(conditions.compactMap(\.self)), name: "the picture")
  }

  /// - Throws: `Failure` of the kind `usage` if the network takes no sketches.
  func requireSketches() throws {
    guard takesSketches else {
      throw Failure(.usage, "the sketch: expected none, since the network was trained without edges")
    }
  }

  /// - Throws: `Failure` of the kind `usage` if the network takes no labels.
  func requireLabels() throws {
    guard takesLabels else {
      throw Failure(.usage, "the labels: expected none, since the network was trained without labels to fill by")
    }
  }

  /// Calls a function with the network, for one caller at a time.
  func withFiller<Result: Sendable>(_ body: (PictureFiller) throws -> Result) rethrows -> Result {
    try filler.withLock { try body($0) }
  }

  /// The number of threads that compute, in the whole process, at least 1. The default is one per processor.
  public static var threadCount: Int {
    get { Threads.count }
    set { Threads.count = newValue }
  }
}
