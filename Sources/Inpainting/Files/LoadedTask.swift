import Imaging
import InpaintingData
import Support

/// A task with its files read: the picture, its hole, and what there is to say about them.
struct LoadedTask: Sendable {
  let task: InpaintingTask
  /// The picture, upright, with its opacities and metadata, and its hole.
  let example: Example
  /// The format of the picture's file.
  let format: PictureFormat
  /// What the person at the terminal should know, a sentence each.
  let remarks: [Sentence]
  /// For a hole picture that shows no hole or nothing else: what was found in it, and what is read as missing.
  let fault: String?

  /// Above this part of the pixels, people have usually confused missing and known.
  private static let suspiciousFraction = 0.9

  /// - Throws: `Failure` of the kind `data` if the sizes differ, a file is no picture that can be read, or a hole picture
  ///   is too dark to be told from an empty one; what reading a file throws.
  init(_ task: InpaintingTask, convention: HoleConvention) throws {
    let header = try PictureHeader(ofFile: task.picture)
    try task.hole.map { try Self.compare(task, size: (header.width, header.height), with: PictureHeader(ofFile: $0)) }
    var picture = try Picture(contentsOfFile: task.picture)
    let hole: Hole
    let reading = try task.hole.map { try HoleReading(contentsOfFile: $0, convention: convention) }
    if let reading {
      if reading.isFaint, let fault = reading.fault { throw Failure(.data, "\(task.hole ?? ""): \(fault)") }
      hole = reading.hole
    } else {
      guard let transparency = HoleConvention.transparency(of: picture), let alpha = picture.alpha else {
        throw Failure(
          .data,
          sentence:
            "\(task.picture): expected a picture with opacities for \(setting: .convention, "alpha"), found none")
      }
      hole = transparency
      // What is filled is there to be seen.
      picture.alpha = zip(alpha, hole.values).map { $1 == 0 ? $0 : 255 }
    }
    self.task = task
    example = Example(picture: picture, hole: hole, name: task.name)
    format = header.format
    fault = reading?.fault.map { "\(task.hole ?? ""): \($0)" }
    remarks =
      Self.remarks(task, reading, convention: convention)
      + Self.remarks(task, header: header, picture: picture, hole: hole)
  }

  private static func compare(
    _ task: InpaintingTask, size: (width: Int, height: Int), with hole: PictureHeader
  ) throws {
    guard size == (hole.width, hole.height) else {
      throw Failure(
        .data,
        "\(task.hole ?? ""): expected a hole picture of \(size.width)x\(size.height), the size of \(task.picture), "
          + "found \(hole.width)x\(hole.height)")
    }
  }

  /// What there is to say about how a hole picture was read.
  private static func remarks(
    _ task: InpaintingTask, _ reading: HoleReading?, convention: HoleConvention
  ) -> [Sentence] {
    guard let reading else { return [] }
    let path = task.hole ?? ""
    let other: HoleConvention = convention == .white ? .black : .white
    if let remark = reading.opacityRemark {
      let contrary = reading.isHighMissing ? "transparent" : "opaque"
      return ["\(path): \(remark); if the \(contrary) ones are, use \(setting: .convention, other.rawValue)"]
    }
    let missing = reading.hole.missingFraction
    guard missing > suspiciousFraction else { return [] }
    let amount = reading.fault ?? "\(Int(missing * 100)) % is missing"
    return [
      "\(path): \(amount); if \(convention.rawValue) means known there, use \(setting: .convention, other.rawValue)"
    ]
  }

  /// What the output cannot hold of a picture, and a transparency that leaves next to nothing.
  private static func remarks(
    _ task: InpaintingTask, header: PictureHeader, picture: Picture, hole: Hole
  ) -> [Sentence] {
    var remarks: [Sentence] = []
    let missing = hole.missingFraction
    if header.bitsPerSample > 8, missing > 0 {
      remarks.append("\(task.name) has \(header.bitsPerSample) bits a channel, and the output has 8")
    }
    if header.isCMYK, missing > 0 {
      remarks.append("\(task.name) has the colours of inks (CMYK), and the output has red, green and blue")
    }
    if missing > suspiciousFraction, task.hole == nil {
      remarks.append("\(task.name): \(missing == 1 ? "everything" : "\(Int(missing * 100)) %") is missing")
    }
    if task.output.contents == .picture(.jpeg), picture.alpha?.contains(where: { $0 != 255 }) ?? false {
      remarks.append("\(task.name) has opacities, which JPEG cannot hold: they are left out")
    }
    return remarks
  }
}
