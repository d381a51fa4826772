import Foundation
import Imaging
import InpaintingData
import Support

/// Holes for evaluation from picture files: white, from 128 on, is missing.
///
/// A hole with a picture's own name, endings aside, belongs to that picture. If no hole has the name of any picture, each
/// picture gets one of them, chosen by the seed and its name.
struct HoleFiles: Sendable {
  private enum Choice {
    /// Paths by the names of holes without their endings.
    case byName([String: String])
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
        .usage, "--holes: expected a folder or list file of hole pictures, or `generated`, found `procedural`.")
    }
    let files = try source.files()
    var byName: [String: String] = [:]
    var repeated: String?
    for file in files {
      let known = byName.updateValue(file.path, forKey: Self.stem(file.name))
      if known != nil { repeated = repeated ?? file.name }
    }
    guard pictures.contains(where: { byName[Self.stem($0)] != nil }) else {
      choice = .bySeed(files, seed)
      return
    }
    if let repeated {
      throw Failure(
        .data, "The hole \(repeated) has the same name as another one: expected one hole for each picture's name.")
    }
    choice = .byName(byName)
  }

  /// Whether pictures and holes belong together by their names.
  var isByName: Bool {
    if case .byName = choice { true } else { false }
  }

  /// The hole of a picture: its largest square in the middle, brought to `size` x `size` without mixing pixels.
  ///
  /// - Throws: `Failure` of kind `data` if the picture has no hole, or the hole cannot be read.
  func hole(forPicture name: String, size: Int) throws -> HoleRaster {
    let path: String
    switch choice {
    case .byName(let paths):
      guard let found = paths[Self.stem(name)] else {
        throw Failure(.data, "There is no hole of the name \(Self.stem(name)), though other pictures have theirs.")
      }
      path = found
    case .bySeed(let files, let seed):
      var stream = RandomStream(seed: seed, purpose: "evaluation hole file " + name)
      path = files[stream.integer(in: 0..<files.count)].path
    }
    return HoleRaster(SquareRule(size: size).square(of: try Picture(greyContentsOfFile: path), filter: .nearest))
  }

  /// A relative path without its ending.
  private static func stem(_ name: String) -> String { (name as NSString).deletingPathExtension }
}
