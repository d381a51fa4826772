import Foundation
import Imaging
import Support

/// A file to be written, and what others that go beside it are called.
struct OutputFile: Equatable, Sendable {
  /// The kind of data that is written.
  enum Contents: Equatable {
    case picture(PictureFormat)
    /// The network's raw numbers, as safetensors.
    case tensors
  }

  let path: String
  let contents: Contents

  /// The extensions that are known, in lower case and without their dots.
  static let extensions = PictureFormat.allCases.flatMap(\.fileExtensions) + [tensorExtension]
  private static let tensorExtension = "safetensors"

  /// - Throws: `Failure` of the kind `usage` if the path's extension tells of no kind of file that can be written.
  init(path: String) throws {
    self.path = path
    let found = (path as NSString).pathExtension.lowercased()
    if found == Self.tensorExtension {
      contents = .tensors
    } else if let format = PictureFormat.allCases.first(where: { $0.fileExtensions.contains(found) }) {
      contents = .picture(format)
    } else {
      throw Failure(
        .usage,
        "\(path): expected an output that ends in \(Self.extensions.map { "." + $0 }.joined(separator: ", ")), found "
          + (found.isEmpty ? "no extension" : "." + found))
    }
  }

  /// The output for a picture, under the picture's own name: where that has no extension that says what to write, the
  /// picture's format and its extension are added.
  ///
  /// - Throws: As `init(path:)`.
  init(path: String, likePicture picture: String) throws {
    let found = (path as NSString).pathExtension.lowercased()
    if !Self.extensions.contains(found),
      let start = try? FileReader.start(of: picture, count: FileContent.recognizedLength),
      case .picture(let format) = FileContent(of: start), let usual = format.fileExtensions.first
    {
      try self.init(path: path + "." + usual)
    } else {
      try self.init(path: path)
    }
  }

  /// The folder that it is in.
  var folder: String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }

  /// The path of something that is shown beside the output: `out.coarse.png` beside `out.png`; a PNG file beside a file
  /// of tensors.
  ///
  /// - Parameter ending: The extension; nil for the output's.
  func companion(_ name: String, ending: String? = nil) -> String {
    let (stem, own) = ((path as NSString).deletingPathExtension, (path as NSString).pathExtension)
    return stem + "." + name + "." + (ending ?? (contents == .tensors ? "png" : own))
  }
}
