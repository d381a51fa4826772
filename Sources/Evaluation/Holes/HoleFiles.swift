import Imaging
import InpaintingData
import Support

/// Holes for evaluation from picture files, as `HoleReading` reads them: white, from 128 on, is missing.
///
/// A hole with a picture's own name, endings aside, belongs to that picture; so do those with its name and a suffix such
/// as `_mask001`, of which a picture may have several. If no hole has the name of any picture, each picture gets one of
/// them, chosen by the seed and its name.
struct HoleFiles: Sendable {
  private enum Choice {
    /// Files that have pictures' names.
    case byName(PairedFiles)
    /// All files, and the seed that deals them out.
    case bySeed([ListedPicture], UInt64)
  }

  private let choice: Choice

  /// Sorts files by their names, and reads none.
  ///
  /// - Parameters:
  ///   - files: At least one.
  ///   - pictures: The names of all pictures.
  /// - Throws: `Failure` of kind `data` if two holes have the same name but for their endings.
  init(_ files: [ListedPicture], pictures: [String], seed: UInt64) throws {
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

  /// The files of a picture: one, or several with suffixes; none if it has none while others have theirs.
  func files(forPicture name: String) -> [ListedPicture] {
    switch choice {
    case .byName(let paired): return paired.files(forPicture: name)
    case .bySeed(let files, let seed):
      var stream = RandomStream(seed: seed, purpose: "evaluation hole file " + name)
      return [files[stream.integer(in: 0..<files.count)]]
    }
  }
}
