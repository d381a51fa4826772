@_exported import Imaging
import InpaintingData
@_exported import InpaintingModels
import Kernels
@_exported import Support
import Synchronization

/// Fills holes in pictures with a trained network: what this library is for.
///
/// ```swift
/// let inpainter = try Inpainter(weights: "runs/deepfill_v2")
/// let filled = try inpainter.fill(picture, hole: hole)
/// let bytes = try filled.encoded(as: .png)
/// ```
///
/// Threads may share one. Their fills follow one another, for each computes on `threadCount` threads.
public final class Inpainter: Sendable {
  /// The network and its weights, in one line.
  public let description: String
  /// The side of the square pictures that the network was trained with, in pixels.
  public let trainedSize: Int
  /// True if fillings follow sketches.
  public let takesSketches: Bool
  private let filler: Mutex<PictureFiller>

  /// Reads weights.
  ///
  /// - Parameters:
  ///   - path: A checkpoint, a run directory, or a file of another program (`.safetensors`, `.pth`, `.pt`).
  ///   - colourOrder: The order of colors that another program's weights expect; nil for what their file says, or else
  ///     `rgb`.
  ///   - usesAverage: Whether the moving average of the weights is taken where a checkpoint has one.
  /// - Throws: `Failure` of the kind `missingInput` or `inputOutput`; `data` if the file fits no model, `usage` for a
  ///   color order that contradicts the file.
  public convenience init(weights path: String, colourOrder: ColourOrder? = nil, usesAverage: Bool = true) throws {
    let loaded = try LoadedModel(path: path, colourOrder: colourOrder, usesAverage: usesAverage)
    self.init(
      PictureFiller(model: loaded.model, trainedSize: loaded.trainedSize), trainedSize: loaded.trainedSize,
      takesSketches: loaded.model.conditions.contains(.edges), description: loaded.description)
  }

  init(_ filler: sending PictureFiller, trainedSize: Int, takesSketches: Bool = false, description: String) {
    self.takesSketches = takesSketches
    self.filler = Mutex(filler)
    self.trainedSize = trainedSize
    self.description = description
  }

  /// Fills a hole. Pixels outside of it, opacities and metadata stay byte for byte as they are.
  ///
  /// - Parameters:
  ///   - picture: Of any size, RGB or gray. The filling is gray if the picture is, or if its known pixels are all gray.
  ///   - hole: Of the picture's size.
  ///   - sketch: Lines that the filling is to follow, white on black or black on white, of the picture's size; those outside
  ///     the hole change nothing. For networks that `takesSketches`.
  ///   - strategy: The part of the picture that the network sees at once; nil for `whole` up to one and a half times
  ///     `trainedSize`, and `crop` above.
  ///   - pasting: The way in which the network's prediction is put into the hole.
  ///   - detail: The strength of the fine detail that patches of the known picture add to the prediction, 0...1.
  /// - Throws: `Failure` of the kind `usage` if there is a sketch and the network takes none, or the detail is out of range; `data` if the sizes differ, the picture is too large to be filled whole, or the
  ///   network's numbers are not finite.
  public func fill(
    _ picture: Picture, hole: Hole, sketch: Picture? = nil, strategy: FillingStrategy? = nil, pasting: Pasting = .plain,
    detail: Double = 0
  ) throws -> Picture {
    guard (picture.width, picture.height) == (hole.width, hole.height) else {
      throw Failure(
        .data,
        "the hole: expected the size of the picture, \(picture.width)x\(picture.height), found "
          + "\(hole.width)x\(hole.height)")
    }
    guard (0...1).contains(detail) else {
      throw Failure(.usage, "the detail: expected a strength from 0 to 1, found \(detail)")
    }
    guard sketch == nil || takesSketches else {
      throw Failure(.usage, "the sketch: expected none, since the network was trained without edges")
    }
    try sketch?.requireSize(of: picture, file: "the sketch")
    let edges = sketch.map { [SketchReading($0).edges] } ?? []
    let example = Example(picture: picture, hole: hole, conditions: Conditions(edges), name: "the picture")
    return try filler.withLock { try $0.fill(example, strategy: strategy, pasting: pasting, detail: detail).picture }
  }

  /// The number of threads that compute, in the whole process; one a processor unless it is set. At least 1.
  public static var threadCount: Int {
    get { Threads.count }
    set { Threads.count = newValue }
  }
}
