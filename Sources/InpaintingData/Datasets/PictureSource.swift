import Foundation
import Support

/// The origin of pictures, as named by a flag or a configuration.
package enum PictureSource: Equatable, Sendable {
  /// Every picture in a folder and the folders in it.
  case folder(String)
  /// A text file with one path a line, relative to its own folder.
  case list(String)
  /// The built-in pictures, generated as they are needed.
  case builtIn(ProceduralScene.Kind)

  /// Recognizes the name of a series of built-in pictures, a folder, or a list file (`.txt`, `.flist`); a leading `~` is the home folder.
  ///
  /// - Throws: `Failure` of kind `missingInput` if there is no such path, `data` if it is another kind of file.
  package init(_ argument: String) throws {
    if let kind = ProceduralScene.Kind(rawValue: argument) {
      self = .builtIn(kind)
      return
    }
    let path = (argument as NSString).expandingTildeInPath
    switch FileKind(ofPath: path) {
    case .folder:
      self = .folder(path)
    case .file where ["txt", "flist"].contains((path as NSString).pathExtension.lowercased()):
      self = .list(path)
    case .file, .other:
      throw Failure(
        .data,
        "\(argument) is no source of pictures: expected \(PictureSource.expected)."
      )
    case nil:
      throw Failure(
        .missingInput,
        "There is no \(argument): expected \(PictureSource.expected)."
      )
    }
  }

  private static let expected =
    "a folder of pictures, a list file (.txt or .flist) or one of the words "
    + ProceduralScene.Kind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " and ")

  /// The pictures of a folder or list; none for the built-in ones. Files are looked for, not opened.
  ///
  /// - Throws: `Failure` of kind `missingInput` if the folder, the list or one of its lines' files does not exist,
  ///   `data` if there are no pictures, `inputOutput` if the folder or the list cannot be read.
  package func listing() throws -> PictureListing {
    switch self {
    case .folder(let path): try FolderListing(path).listing
    case .list(let path): try ListFile(path).listing
    case .builtIn: PictureListing()
    }
  }

  /// True of generated pictures.
  package var isBuiltIn: Bool { if case .builtIn = self { true } else { false } }

  /// The path of the folder or list, or the word for the built-in pictures.
  package var path: String {
    switch self {
    case .folder(let path), .list(let path): path
    case .builtIn(let kind): kind.rawValue
    }
  }
}
