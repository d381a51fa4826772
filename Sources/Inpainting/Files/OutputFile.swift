import Foundation
import Imaging
import InpaintingModels
import Support
import Tensors

/// An output file, with the names of its companion files.
struct OutputFile: Equatable, Sendable {
  /// The kind of data that is written.
  enum Contents: Equatable {
    case picture(PictureFormat)
    /// The network's raw output, as safetensors.
    case tensors
  }

  let path: String
  let contents: Contents

  /// The supported extensions, in lower case and without their dots.
  static let extensions = PictureFormat.allCases.flatMap(\.fileExtensions) + [tensorExtension]
  private static let tensorExtension = "safetensors"

  /// - Throws: `Failure` of the kind `usage` if the path's extension is not supported.
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

  /// The output for a picture, under the picture's own name. If that has no supported extension, the one of the
  /// picture's format is added.
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

  var folder: String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }

  /// The path of a companion file: `out.coarse.png` beside `out.png`; a PNG file beside a file of tensors.
  ///
  /// - Parameter ending: The extension; nil for the output's.
  func companion(_ name: String, ending: String? = nil) -> String {
    let (stem, own) = ((path as NSString).deletingPathExtension, (path as NSString).pathExtension)
    return stem + "." + name + "." + (ending ?? (contents == .tensors ? "png" : own))
  }
}

/// The result of a task.
enum TaskResult: Sendable {
  case filled(FilledPicture)
  /// The hole was empty.
  case unchanged(Picture)
  case tensors([(name: String, value: Tensor)], FilledPicture?)

  /// The picture that was filled, if one was.
  var filled: FilledPicture? {
    switch self {
    case .filled(let filled): filled
    case .tensors(_, let filled): filled
    case .unchanged: nil
    }
  }
}

/// A writer of results, each file atomically.
struct ResultWriter: Sendable {
  /// The quality, for formats that have one.
  let quality: Int?
  let overwrites: Bool

  /// - Throws: `Failure` of the kind `exists` if one of the files exists and must not be replaced, before any is
  ///   written; `data` if the format cannot hold the picture, `inputOutput` if writing fails.
  func write(_ result: TaskResult, of loaded: LoadedTask) throws {
    let output = loaded.task.output
    let companions = self.companions(of: result, beside: output)
    let maps = (result.filled?.scaleLabels ?? []).map { ("labels.\($0.name)", $0.map) }
    let labels = ((result.filled?.labels).map { [("labels", $0)] + maps } ?? []).map { name, map in
      (path: output.companion(name, ending: "png"), map: map)
    }
    try refuseExisting([output.path] + companions.map(\.path) + labels.map(\.path))
    switch result {
    case .unchanged where output.contents == .picture(loaded.format):
      // A copy, byte for byte: the picture is not encoded again.
      try FileWriter.writeAtomically(FileReader.read(loaded.task.picture), to: output.path)
    case .unchanged(let picture): try write(picture, to: output.path)
    case .filled(let filled): try write(filled.picture, to: output.path)
    case .tensors(let tensors, _):
      try SafeTensorsWriter.write(tensors.map { ($0.name, $0.value.shape) }, to: output.path) { index, write in
        try tensors[index].value.withElements { try write($0) }
      }
    }
    for companion in companions { try write(companion.picture, to: companion.path) }
    for labels in labels { try labels.map.write(to: labels.path) }
  }

  /// - Throws: `Failure` of the kind `exists`.
  func refuseExisting(_ paths: [String]) throws {
    guard !overwrites, let path = paths.first(where: Path.existsUnfollowed) else { return }
    throw Failure(
      .exists,
      sentence: """
        \(path): the output exists already; add \(setting: .overwrites, "true") to replace it, or name another \
        \(setting: .output)
        """)
  }

  private func companions(of result: TaskResult, beside output: OutputFile) -> [(path: String, picture: Picture)] {
    guard let shown = result.filled else { return [] }
    return shown.stages.map { (output.companion($0.name), $0.picture) }
      + (shown.attention.map { [(output.companion("attention"), $0)] } ?? [])
      + (shown.labels.map { [(output.companion("labels.overlay", ending: "png"), $0.laid(over: shown.picture))] } ?? [])
  }

  private func write(_ picture: Picture, to path: String) throws {
    let format = try PictureFormat(ofFileName: path)
    try picture.write(to: path, quality: format.hasQuality ? quality : nil)
  }
}
