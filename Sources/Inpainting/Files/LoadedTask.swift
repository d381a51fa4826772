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

  /// Above this part of the pixels, people have usually confused missing and known.
  private static let suspiciousFraction = 0.9

  /// - Throws: `Failure` of the kind `data` if the sizes differ or a file is no picture that can be read, and what
  ///   reading a file throws.
  init(_ task: InpaintingTask, convention: HoleConvention) throws {
    let header = try PictureHeader(ofFile: task.picture)
    try task.hole.map { try Self.compare(task, size: (header.width, header.height), with: PictureHeader(ofFile: $0)) }
    var picture = try Picture(contentsOfFile: task.picture)
    let hole: Hole
    if let path = task.hole {
      hole = convention.hole(shownBy: try Picture(contentsOfFile: path))
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
    remarks = Self.remarks(task, header: header, picture: picture, hole: hole, convention: convention)
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

  private static func remarks(
    _ task: InpaintingTask, header: PictureHeader, picture: Picture, hole: Hole, convention: HoleConvention
  ) -> [Sentence] {
    var remarks: [Sentence] = []
    let missing = hole.missingFraction
    if header.bitsPerSample > 8, missing > 0 {
      remarks.append("\(task.name) has \(header.bitsPerSample) bits a channel, and the output has 8")
    }
    if header.isCMYK, missing > 0 {
      remarks.append("\(task.name) has the colours of inks (CMYK), and the output has red, green and blue")
    }
    if missing > suspiciousFraction {
      let amount = missing == 1 ? "the hole covers everything" : "\(Int(missing * 100)) % is missing"
      let advice: Sentence =
        switch convention {
        case .white: "; if white means known in \(task.hole ?? "it"), use \(setting: .convention, "black")"
        case .black: "; if black means known in \(task.hole ?? "it"), use \(setting: .convention, "white")"
        case .alpha: ""
        }
      remarks.append("\(task.name): \(amount)\(advice)")
    }
    if task.output.contents == .picture(.jpeg), picture.alpha?.contains(where: { $0 != 255 }) ?? false {
      remarks.append("\(task.name) has opacities, which JPEG cannot hold: they are left out")
    }
    return remarks
  }
}
