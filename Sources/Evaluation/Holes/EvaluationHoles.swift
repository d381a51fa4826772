import Imaging
import InpaintingData
import Support

/// Where the holes of an evaluation come from.
struct EvaluationHoles: Sendable {
  private enum Origin {
    case generated(GeneratedHoles)
    case files(HoleFiles)
  }

  private let origin: Origin
  /// A line for people.
  let description: String

  /// - Parameters:
  ///   - argument: `generated`, or a folder or list file.
  ///   - pictures: The names of all pictures.
  /// - Throws: As `HoleFiles.init`.
  init(_ argument: String, pictures: [String], seed: UInt64) throws {
    if argument == "generated" {
      origin = .generated(GeneratedHoles(seed: seed))
      description = "generated brush strokes, seed \(seed)"
    } else {
      let files = try HoleFiles(PictureSource(argument), pictures: pictures, seed: seed)
      origin = .files(files)
      description = "pictures of \(argument), " + (files.isByName ? "by name" : "chosen by seed \(seed)")
    }
  }

  /// The hole of a picture.
  ///
  /// - Throws: `Failure` if it comes from a file that cannot be used; of kind `data` if it leaves nothing to fill, or
  ///   nothing to fill it from.
  func hole(forPicture name: String, rule: SquareRule) throws -> Hole {
    let hole =
      switch origin {
      case .generated(let holes): holes.hole(forPicture: name, size: rule.size)
      case .files(let files): try files.hole(forPicture: name, rule: rule)
      }
    guard !hole.isEmpty, !hole.coversEverything else {
      let whole = hole.isEmpty ? "is empty" : "covers the whole picture"
      throw Failure(.data, "The hole of \(name) \(whole): expected some white and some black pixels.")
    }
    return hole
  }
}
