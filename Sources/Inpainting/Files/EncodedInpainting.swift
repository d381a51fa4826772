import Imaging
import InpaintingData
import InpaintingModels
import Support

/// Inpainting of an encoded picture in memory: the same as `InpaintingRun` does with files on disk, byte for byte.
package struct EncodedInpainting: Sendable {
  /// The bytes of the input files.
  package struct Files: Sendable {
    package var picture: [UInt8]
    /// Nil for the convention `alpha`.
    package var hole: [UInt8]?
    package var sketch: [UInt8]?
    package var labels: [UInt8]?

    package init(picture: [UInt8], hole: [UInt8]?, sketch: [UInt8]? = nil, labels: [UInt8]? = nil) {
      (self.picture, self.hole, self.sketch, self.labels) = (picture, hole, sketch, labels)
    }

    /// The files that are present, with their names in messages.
    fileprivate var all: [(name: String, bytes: [UInt8])] {
      let files = [(pictureName, picture), (holeName, hole), (sketchName, sketch), (labelsName, labels)]
      return files.compactMap { name, bytes in bytes.map { (name, $0) } }
    }
  }

  /// The output file.
  package struct Result: Sendable {
    package let bytes: [UInt8]
    package let format: PictureFormat
    /// Sentences on the input files, and on what the result cannot hold.
    package let remarks: [Sentence]
    /// The amount that was filled, in a few words.
    package let outcome: String
  }

  /// The names of the files in messages.
  static let (pictureName, holeName) = ("the picture", "the hole")
  static let (sketchName, labelsName) = ("the sketch", "the labels")

  private let files: Files
  private let request: InpaintingRequest
  private let makesFilledOpaque: Bool
  private let format: PictureFormat

  /// Checks headers and settings, without decoding anything.
  ///
  /// - Parameters:
  ///   - settings: The method, strategy, pasting and so on; its paths are ignored.
  ///   - format: The format of the result; nil for that of the picture.
  ///   - fillsOpacity: Makes filled pixels opaque, as the convention `alpha` always does.
  /// - Throws: `Failure` of the kind `usage` for settings that contradict one another, `data` for files that are no
  ///   pictures.
  package init(
    _ files: Files, settings: InpaintingRequest, format: PictureFormat? = nil, makesFilledOpaque: Bool = false
  ) throws {
    let header = try PictureHeader(decoding: files.picture, name: Self.pictureName, maxMegapixels: .max)
    self.files = files
    self.makesFilledOpaque = makesFilledOpaque
    self.format = format ?? header.format
    var request = settings
    request.image = Self.pictureName
    request.hole = files.hole.map { _ in Self.holeName }
    request.sketch = files.sketch.map { _ in Self.sketchName }
    request.labels = files.labels.map { _ in Self.labelsName }
    request.output = "filled." + (self.format.fileExtensions.first ?? "png")
    try request.check()
    try request.check(OutputFile(path: request.output))
    self.request = request
  }

  /// The file with the most pixels by its header: its name in messages and its size.
  ///
  /// - Throws: `Failure` of the kind `data` for files that are no pictures.
  package static func largest(of files: Files) throws -> (name: String, width: Int, height: Int) {
    let headers = try files.all.map { name, bytes in
      (name: name, header: try PictureHeader(decoding: bytes, name: name, maxMegapixels: .max))
    }
    let largest = headers.max { $0.header.isSmaller(than: $1.header) } ?? headers[0]
    return (largest.name, largest.header.width, largest.header.height)
  }

  /// Fills the hole with a network.
  ///
  /// - Parameters:
  ///   - isCancelled: Polled between the network's runs, during postprocessing, and before the result is encoded.
  ///   - progress: Called before each region of the hole with its index and their number.
  /// - Throws: `Failure` of the kind `data` or `usage`; `CancellationError`.
  package func filled(
    by inpainter: Inpainter, isCancelled: @Sendable () -> Bool = { false },
    progress: (_ region: Int, _ count: Int) -> Void = { _, _ in }
  ) throws -> Result {
    if files.sketch != nil { try inpainter.requireSketches() }
    if files.labels != nil { try inpainter.requireLabels() }
    return try result(classes: inpainter.labelClasses) { handover in
      try inpainter.withFiller { filler in
        try filler.fill(
          handover.take(), strategy: request.strategy, pasting: request.pasting ?? .plain,
          detail: request.detail ?? 0, isCancelled: isCancelled, progress: progress)
      }
    }
  }

  /// The classes of the picture's pixels as a network predicts them, for editing.
  ///
  /// - Parameter isCancelled: As in `filled(by:)`.
  /// - Returns: A PNG file whose palette is that of the classes; nil if the network predicts none, or nothing is
  ///   missing.
  /// - Throws: `Failure` of the kind `data` or `usage`; `CancellationError`.
  package func labels(
    by inpainter: Inpainter, isCancelled: @Sendable () -> Bool = { false }
  ) throws -> [UInt8]? {
    try inpainter.requireLabels()
    let loaded = try loaded(classes: inpainter.labelClasses)
    guard !loaded.example.hole.isEmpty else { return nil }
    return try inpainter.withFiller { filler in
      try filler.fill(
        loaded.handover.take(), strategy: request.strategy, showing: .labels, isCancelled: isCancelled
      ).labels?.encodedPNG()
    }
  }

  /// The positions that a network attends to while it fills: for each pixel of the hole's bounding box the offset to
  /// the right and downwards, in whole pixels; zeros outside of the hole.
  ///
  /// - Parameter isCancelled: As in `filled(by:)`.
  /// - Returns: Nil if the network has no attention, or nothing is missing.
  /// - Throws: `Failure` of the kind `data` or `usage`; `CancellationError`.
  package func attention(
    by inpainter: Inpainter, isCancelled: @Sendable () -> Bool = { false }
  ) throws -> (bounds: PixelRectangle, offsets: [SIMD2<Int16>])? {
    if files.sketch != nil { try inpainter.requireSketches() }
    if files.labels != nil { try inpainter.requireLabels() }
    let loaded = try loaded(classes: inpainter.labelClasses)
    let hole = loaded.example.hole
    guard let bounds = hole.missingBounds(in: hole.bounds) else { return nil }
    return try inpainter.withFiller { filler in
      let filled = try filler.fill(
        loaded.handover.take(), strategy: request.strategy, showing: .attention, isCancelled: isCancelled)
      guard let field = filled.offsets else { return nil }
      let offsets = bounds.rows.flatMap { y in
        bounds.columns.map { x in
          let offset = field[x, y]
          return SIMD2(Int16(clamping: Int(offset.x.rounded())), Int16(clamping: Int(offset.y.rounded())))
        }
      }
      return (bounds, offsets)
    }
  }

  /// Fills the hole without a network.
  ///
  /// - Parameters:
  ///   - isCancelled: Polled at least once per iteration, on any thread.
  ///   - progress: Called before each part of the hole with its index and their number.
  /// - Throws: `Failure` of the kind `data` or `usage`; `CancellationError`.
  package func filled(
    by method: ClassicalFill, isCancelled: @Sendable () -> Bool = { false },
    progress: (_ part: Int, _ count: Int) -> Void = { _, _ in }
  ) throws -> Result {
    try result {
      try method.filled($0.take(), seed: request.seed ?? 0, isCancelled: isCancelled, progress: progress)
    }
  }

  /// - Parameter fill: Fills the example, which it takes out of the handover.
  private func result(
    classes: LabelClasses? = nil, _ fill: (Handover<Example>) throws -> FilledPicture
  ) throws -> Result {
    let loaded = try loaded(classes: classes)
    let result: TaskResult =
      loaded.example.hole.isEmpty
      ? .unchanged(loaded.handover.take().picture) : .filled(try fill(loaded.handover))
    return Result(
      bytes: try bytes(of: result, loaded), format: format, remarks: loaded.remarks,
      outcome: InpaintingRun.description(of: result, loaded))
  }

  private func loaded(classes: LabelClasses?) throws -> LoadedTask {
    let contents = Dictionary(files.all.map { ($0.name, $0.bytes) }) { $1 }
    return try LoadedTask(
      InpaintingTask(
        name: Self.pictureName, picture: Self.pictureName, hole: request.hole, sketch: request.sketch,
        labels: request.labels,
        output: OutputFile(path: request.output)),
      in: TaskFiles(inMemory: contents), convention: request.convention, maxMegapixels: request.maxMegapixels,
      quality: request.quality, makesFilledOpaque: makesFilledOpaque, classes: classes)
  }

  private func bytes(of result: TaskResult, _ loaded: LoadedTask) throws -> [UInt8] {
    let quality = format.hasQuality ? request.quality : nil
    switch result {
    case .unchanged where format == loaded.format: return files.picture
    case .unchanged(let picture): return try picture.encoded(as: format, quality: quality)
    case .filled(let filled): return try filled.picture.encoded(as: format, quality: quality)
    case .tensors: preconditionFailure("EncodedInpainting: a picture file holds no tensors")
    }
  }
}

extension PictureHeader {
  /// Compares numbers of pixels, which may overflow integers.
  fileprivate func isSmaller(than other: PictureHeader) -> Bool {
    Double(width) * Double(height) < Double(other.width) * Double(other.height)
  }
}

/// A hole, sketch or label file, normalized: it is interpreted as for filling, and written as white on black, or as
/// indices with the palette of the classes.
package struct EncodedLayer: Sendable {
  /// The kind of the file, with what its interpretation depends on.
  package enum Kind: Sendable {
    case hole(HoleConvention)
    case sketch
    case labels(LabelClasses)
  }

  /// A PNG file.
  package let png: [UInt8]
  /// Sentences on the interpretation of the file.
  package let remarks: [Sentence]

  /// - Parameters:
  ///   - size: The size of the picture that the file goes with.
  ///   - maxMegapixels: The maximum number of megapixels.
  /// - Precondition: The convention of a hole is not `alpha`, which needs no hole picture.
  /// - Throws: `Failure` of the kind `data` if the file has another size, cannot be read, or has a pixel without a
  ///   class.
  package init(
    decoding bytes: [UInt8], as kind: Kind, size: (width: Int, height: Int), maxMegapixels: Int
  ) throws {
    let (name, noun) = kind.words
    let header = try PictureHeader(decoding: bytes, name: name, maxMegapixels: maxMegapixels)
    try LoadedTask.requireSize(size, of: header, file: name, noun: noun, EncodedInpainting.pictureName)
    func picture() throws -> Picture {
      try Picture(decoding: bytes, name: name, keepsGray: true, maxMegapixels: maxMegapixels)
    }
    switch kind {
    case .hole(let convention):
      let reading = HoleReading(try picture(), convention: convention)
      try LoadedTask.requireNotTooDark(reading, file: name)
      png = try reading.hole.picture.encoded(as: .png)
      remarks = LoadedTask.remarks(name, reading, convention: convention)
    case .sketch:
      let reading = SketchReading(try picture())
      let pixels = reading.edges.values.map { $0 * 255 }
      png = try Picture(width: size.width, height: size.height, channels: 1, pixels: pixels).encoded(as: .png)
      remarks = reading.remark.map { ["\(name): \($0)"] } ?? []
    case .labels(let classes):
      let map = try LabelMap(
        decoding: bytes, name: name, classes: classes, remap: LabelRemap(), maxMegapixels: maxMegapixels)
      png = try map.encodedPNG()
      remarks = []
    }
  }
}

extension EncodedLayer.Kind {
  /// The name of the file in messages, and the noun for what is expected.
  fileprivate var words: (name: String, noun: String) {
    switch self {
    case .hole: (EncodedInpainting.holeName, "hole picture")
    case .sketch: (EncodedInpainting.sketchName, ConditionFileKind.sketch.noun)
    case .labels: (EncodedInpainting.labelsName, ConditionFileKind.labels.noun)
    }
  }
}
