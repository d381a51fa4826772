import Imaging
import InpaintingData
import Support

/// Holes for evaluation from picture files: white, from 128 on, is missing.
///
/// A hole with a picture's own name, endings aside, belongs to that picture. If no hole has the name of any picture, each
/// picture gets one of them, chosen by the seed and its name.
struct HoleFiles: Sendable {
  private enum Choice {
    /// Files that have pictures' names.
    case byName(PairedFiles)
    /// All files, and the seed that deals them out.
    case bySeed([ListedPicture], UInt64)
  }

  private let choice: Choice

  /// Looks for the files, and reads none.
  ///
  /// - Parameter pictures: The names of all pictures.
  /// - Throws: `Failure`, as `PictureSource.files()`; of kind `usage` for the built-in pictures, `data` if two holes
  ///   have the same name but for their endings.
  init(_ source: PictureSource, pictures: [String], seed: UInt64) throws {
    guard source != .procedural else {
      throw Failure(
        .usage,
        sentence:
          "\(setting: .holes): expected a folder or list file of hole pictures, or `generated`, found `procedural`.")
    }
    let files = try source.files()
    let paired = PairedFiles(files)
    guard pictures.contains(where: { !paired.files(forPicture: $0).isEmpty }) else {
      choice = .bySeed(files, seed)
      return
    }
    if let repeated = paired.firstRepeated {
      throw Failure(
        .data,
        "The hole \(repeated.name) has the same name as another one: expected one hole for each picture's name.")
    }
    choice = .byName(paired)
  }

  /// Tells that pictures and holes belong together by their names.
  var isByName: Bool {
    if case .byName = choice { true } else { false }
  }

  /// The hole of a picture: its square by the rule, without mixing pixels.
  ///
  /// - Throws: `Failure` of kind `data` if the picture has no hole, or the hole cannot be read.
  func hole(forPicture name: String, rule: SquareRule) throws -> Hole {
    let file: ListedPicture
    switch choice {
    case .byName(let paired):
      guard let found = paired.files(forPicture: name).first else {
        throw Failure(
          .data, "There is no hole of the name \(PairedFiles.stem(of: name)), though other pictures have theirs.")
      }
      file = found
    case .bySeed(let files, let seed):
      var stream = RandomStream(seed: seed, purpose: "evaluation hole file " + name)
      file = files[stream.integer(in: 0..<files.count)]
    }
    let hole = try Hole(contentsOfFile: file.path)
    return rule.geometry(ofWidth: hole.width, height: hole.height).applied(to: hole)
  }
}
