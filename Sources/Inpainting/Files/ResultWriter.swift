import Imaging
import InpaintingModels
import Support
import Tensors

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

/// Writes results, each file in one step.
struct ResultWriter: Sendable {
  /// Of formats that have one.
  let quality: Int?
  let overwrites: Bool

  /// - Throws: `Failure` of the kind `exists` if one of the files exists and must not be replaced, before any is written;
  ///   `data` if the format cannot hold the picture, `inputOutput` if writing fails.
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
      // Byte for byte: nothing is encoded anew.
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
      sentence:
        "\(path) exists already: add \(setting: .overwrites, "true") to replace it, or name another \(setting: .output)"
    )
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
