import Imaging
import InpaintingData
import Support

/// The origin of the holes of an evaluation.
struct EvaluationHoles: Sendable {
  private enum Origin {
    case generated(GeneratedHoles)
    case files(HoleFiles)
  }

  private let origin: Origin
  /// A line for people.
  let description: String

  /// The hole pictures that an argument names; nil for `generated`.
  ///
  /// - Throws: As `PictureSource.listing()`; `Failure` of kind `usage` for the built-in pictures.
  static func listing(_ argument: String) throws -> PictureListing? {
    if argument == "generated" { return nil }
    let source = try PictureSource(argument)
    guard !source.isBuiltIn else {
      throw Failure(
        .usage,
        sentence:
          "\(setting: .holes): expected a folder or list file of hole pictures, or `generated`, found `\(source.path)`."
      )
    }
    return try source.listing()
  }

  /// - Parameters:
  ///   - argument: `generated`, or a folder or list file.
  ///   - files: The hole pictures that it names; nil for `generated`.
  ///   - pictures: The names of all pictures.
  /// - Throws: As `HoleFiles.init`; `Failure` of kind `data` if there are no files, as all are the pictures themselves.
  init(_ argument: String, files: [ListedPicture]?, pictures: [String], seed: UInt64) throws {
    guard let files else {
      origin = .generated(GeneratedHoles(seed: seed))
      description = "\(GeneratedHoles.recipe), seed \(seed)"
      return
    }
    if files.isEmpty { throw PairedFiles.ownHoles(argument) }
    let holes = try HoleFiles(files, pictures: pictures, seed: seed)
    origin = .files(holes)
    description = "pictures of \(argument), " + (holes.isByName ? "by name" : "chosen by seed \(seed)")
  }

  /// The names of a picture's holes where it has several; nil for its one hole, or none.
  func names(forPicture name: String) -> [String]? {
    guard case .files(let holes) = origin else { return nil }
    let files = holes.files(forPicture: name)
    return files.count > 1 ? files.map(\.name) : nil
  }

  /// A hole of a picture: its square by the rule, in which whatever is partly missing is missing.
  ///
  /// - Parameter number: Of several holes, from 0.
  /// - Returns: The hole, and what there is to say about how it was read.
  /// - Throws: `Failure` if it comes from a file that cannot be used; of kind `data` if there is none, or it leaves
  ///   nothing to fill, or nothing to fill it from.
  func hole(forPicture name: String, number: Int = 0, rule: SquareRule) throws -> (hole: Hole, remark: String?) {
    switch origin {
    case .generated(let holes): return (holes.hole(forPicture: name, size: rule.size), nil)
    case .files(let holes):
      let files = holes.files(forPicture: name)
      guard number < files.count else {
        throw Failure(
          .data, "There is no hole of the name \(PairedFiles.stem(of: name)), though other pictures have theirs.")
      }
      let path = files[number].path
      let reading = try HoleReading(contentsOfFile: path)
      let geometry = rule.geometry(ofWidth: reading.hole.width, height: reading.hole.height)
      let hole = geometry.applied(to: reading.hole)
      if hole.isEmpty || hole.coversEverything {
        let extent = hole.isEmpty ? "nothing" : "everything"
        let reason = reading.fault ?? "\(extent) is missing in the square in the middle at \(rule.size)x\(rule.size)"
        throw Failure(.data, "\(path): \(reason).")
      }
      return (hole, reading.opacityRemark.map { "\(path): \($0)." })
    }
  }
}
