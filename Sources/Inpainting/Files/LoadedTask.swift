import Imaging
import InpaintingData
import Support
import Synchronization

/// A task with its files read: the picture, its hole, its conditions, and remarks.
struct LoadedTask: Sendable {
  let task: InpaintingTask
  /// The upright picture with its alpha and metadata, and its hole and conditions; the filler takes it.
  let handover: Handover<Example>
  var example: Example { handover.value }
  /// The number of missing pixels per thousand, rounded down: 1000 is everything.
  let missingPermille: Int
  /// The format of the picture's file.
  let format: PictureFormat
  /// Remarks, a sentence each.
  let remarks: [Sentence]
  /// A description of the guidance, for display: the color of the sketch's lines, the classes in the hole; nil if there
  /// is none.
  let conditionDescription: String?
  /// The message for a hole picture that is empty or covers everything; nil for others.
  let fault: String?

  /// The share of missing pixels above which missing and known are probably confused.
  private static let suspiciousFraction = 0.9

  /// - Parameters:
  ///   - files: The location of the task's files.
  ///   - maxMegapixels: The maximum number of megapixels.
  ///   - quality: As in `InpaintingRequest`.
  ///   - fillsOpacity: Makes filled pixels opaque, as the convention `alpha` does; without it, alpha stays as it is.
  ///   - classes: The classes of label maps.
  /// - Throws: `Failure` of the kind `data` if the sizes differ, a file is not a readable picture or is too large, or a
  ///   hole picture is too dark; and the errors of reading files.
  init(
    _ task: InpaintingTask, in files: TaskFiles = .onDisk, convention: HoleConvention, maxMegapixels: Int = 1000,
    quality: Int? = nil, makesFilledOpaque: Bool = false, classes: LabelClasses? = nil
  ) throws {
    let header = try Self.header(ofFile: task.picture, in: files, maxMegapixels: maxMegapixels)
    let holeHeader = try task.hole.map { try Self.header(ofFile: $0, in: files, maxMegapixels: maxMegapixels) }
    let size = (header.width, header.height)
    try holeHeader.map { try Self.requireSize(size, of: $0, file: task.hole ?? "", noun: "hole picture", task.picture) }
    for (kind, guide) in [(ConditionFileKind.sketch, task.sketch), (.labels, task.labels)] {
      guard let guide else { continue }
      let header = try Self.header(ofFile: guide, in: files, maxMegapixels: maxMegapixels)
      try Self.requireSize(size, of: header, file: guide, noun: kind.noun, task.picture)
    }
    try TaskMemory(
      picture: (header, files.size(of: task.picture)),
      hole: holeHeader.map { ($0, task.hole.map(files.size) ?? 0) }, output: task.output, quality: quality
    ).requireRoom(for: header, name: task.picture)
    func read(_ path: String) throws -> Picture { try files.picture(path, maxMegapixels: maxMegapixels) }
    var picture = try read(task.picture)
    let hole: Hole
    let reading = try task.hole.map { HoleReading(try read($0), convention: convention) }
    if let reading {
      try Self.requireNotTooDark(reading, file: task.hole ?? "")
      hole = reading.hole
    } else {
      guard let transparency = HoleConvention.transparency(of: picture) else {
        throw Failure(
          .data,
          sentence:
            "\(task.picture): expected a picture with opacities for \(setting: .convention, "alpha"), found none")
      }
      hole = transparency
    }
    if task.hole == nil || makesFilledOpaque {
      // Filled pixels become opaque.
      picture.alpha = picture.alpha.map { zip($0, hole.values).map { $1 == 0 ? $0 : 255 } }
    }
    self.task = task
    let sketch = try task.sketch.map { SketchReading(try read($0)) }
    let labels = try task.labels.map { path in
      guard let classes else { preconditionFailure("LoadedTask: expected the classes of \(path)") }
      return try files.labels(path, classes: classes, maxMegapixels: maxMegapixels)
    }
    let guides = [
      sketch.map { "along lines \($0.lines.description)" }, labels.map { "by labels (\($0.shares(in: hole)))" },
    ].compactMap(\.self)
    conditionDescription = guides.isEmpty ? nil : guides.joined(separator: ", ")
    let conditions: [(any ConditionRaster)?] = [sketch?.edges, labels]
    handover = Handover(
      Example(
        picture: picture, hole: hole, conditions: Conditions(conditions.compactMap(\.self)), name: task.name))
    missingPermille = hole.missingCount * 1000 / hole.values.count
    format = header.format
    fault = reading?.fault.map { "\(task.hole ?? ""): \($0)" }
    remarks =
      (reading.map { Self.remarks(task.hole ?? "", $0, convention: convention) } ?? [])
      + [sketch?.remark.map { "\(task.sketch ?? ""): \($0)" }].compactMap(\.self)
      + [labels?.remark(in: hole).map { "\(task.labels ?? ""): \($0)" }].compactMap(\.self)
      + Self.remarks(task, header: header, picture: picture, hole: hole)
  }

  /// - Throws: As `PictureHeader`, with the setting that raises the limit.
  private static func header(ofFile path: String, in files: TaskFiles, maxMegapixels: Int) throws -> PictureHeader {
    let header = try files.header(of: path)
    let (limit, overflow) = maxMegapixels.multipliedReportingOverflow(by: 1_000_000)
    let (pixels, isTooLarge) = header.width.multipliedReportingOverflow(by: header.height)
    guard !isTooLarge, overflow || pixels <= limit else {
      throw Failure(
        .data,
        sentence: """
          \(path): expected a picture of at most \(maxMegapixels) megapixels, found a header that claims \
          \(header.width)x\(header.height) pixels; raise \(setting: .maxMegapixels) if that is right
          """)
    }
    return header
  }

  /// - Parameter picture: The name of the picture whose size is expected.
  /// - Throws: `Failure` of the kind `data` if a file that goes with a picture has another size.
  static func requireSize(
    _ size: (width: Int, height: Int), of header: PictureHeader, file: String, noun: String, _ picture: String
  ) throws {
    guard size == (header.width, header.height) else {
      throw Failure(
        .data,
        "\(file): expected a \(noun) of \(size.width)x\(size.height), the size of \(picture), "
          + "found \(header.width)x\(header.height)")
    }
  }

  /// - Throws: `Failure` of the kind `data` for a hole picture that is not empty, but too dark.
  static func requireNotTooDark(_ reading: HoleReading, file: String) throws {
    if reading.isTooDark, let fault = reading.fault { throw Failure(.data, "\(file): \(fault)") }
  }

  /// Remarks on the interpretation of a hole picture.
  static func remarks(_ path: String, _ reading: HoleReading, convention: HoleConvention) -> [Sentence] {
    let other: HoleConvention = convention == .white ? .black : .white
    if let remark = reading.alphaRemark {
      let contrary = reading.isHighMissing ? "transparent" : "opaque"
      return ["\(path): \(remark); if the \(contrary) ones are, use \(setting: .convention, other.rawValue)"]
    }
    let missing = reading.hole.missingFraction
    guard missing > suspiciousFraction else { return [] }
    let amount = reading.fault ?? "\(reading.hole.missingPercent) % is missing"
    return [
      "\(path): \(amount); if \(convention.rawValue) means known there, use \(setting: .convention, other.rawValue)"
    ]
  }

  /// Remarks on what the output cannot hold, and on a picture that is almost all transparent.
  private static func remarks(
    _ task: InpaintingTask, header: PictureHeader, picture: Picture, hole: Hole
  ) -> [Sentence] {
    var remarks: [Sentence] = []
    let missing = hole.missingFraction
    if header.bitsPerSample > 8, missing > 0 {
      remarks.append("\(task.name) has \(header.bitsPerSample) bits a channel, and the output has 8")
    }
    if header.isCMYK, missing > 0 {
      remarks.append("\(task.name) has the colors of inks (CMYK), and the output has red, green and blue")
    }
    if missing > suspiciousFraction, task.hole == nil {
      remarks.append("\(task.name): \(missing == 1 ? "everything" : "\(hole.missingPercent) %") is missing")
    }
    if case .picture(let format) = task.output.contents, missing > 0 || format != header.format {
      let losses = picture.metadata.losses(in: format, channels: picture.channels)
      if !losses.isEmpty {
        remarks.append("\(task.name): left out of the output: \(losses.joined(separator: ", "))")
      }
    }
    if task.output.contents == .picture(.jpeg), picture.alpha?.contains(where: { $0 != 255 }) ?? false {
      remarks.append("\(task.name) has opacities, which JPEG cannot hold: they are left out")
    }
    return remarks
  }
}

extension Hole {
  /// The share of missing pixels in per cent, rounded down: 100 is everything.
  fileprivate var missingPercent: Int { missingCount * 100 / values.count }
}

/// A large value that is handed over from one owner to the next, who can change it in place as the only owner.
final class Handover<Value: Sendable>: Sendable {
  private let contents: Mutex<Value?>

  init(_ value: Value) {
    contents = Mutex(value)
  }

  /// A copy of the value.
  ///
  /// - Precondition: The value was not taken.
  var value: Value {
    guard let value = contents.withLock({ $0 }) else { preconditionFailure("Handover: the value was taken") }
    return value
  }

  /// Takes the value out.
  ///
  /// - Precondition: The value was not taken before.
  func take() -> Value {
    guard let value = contents.withLock({ $0.take() }) else { preconditionFailure("Handover: the value was taken") }
    return value
  }
}
