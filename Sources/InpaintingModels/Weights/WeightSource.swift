package import Support
import Tensors

/// The file that a path to weights means, opened.
package struct WeightSource {
  package let file: WeightFile

  /// The format of files that `convert` writes.
  static let convertedFormat = "kintsugi-weights-1"

  /// - Parameters:
  ///   - path: A checkpoint or `latest`, a run directory or a folder of checkpoints (which mean the newest intact
  ///     one), or a file of another program: `.safetensors`, `.pth`, `.pt`.
  ///   - console: Gets a sentence for each checkpoint that is passed over, and one for what a file holds beside tensors.
  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` if there is nothing that can be read.
  package init(path: String, console: Console = .standardError) throws {
    guard Path.isFolder(path) else {
      file = try Self.open(path)
      if let remark = file.remark { console.warn(remark) }
      return
    }
    let checkpoints = path + "/" + CheckpointStore.folderName
    let folder = Path.exists(checkpoints) ? checkpoints : path
    guard let newest = try CheckpointStore(folder: folder, keep: 1).newest(onDamage: { console.warn($0) }) else {
      if let found = TensorFlowCheckpoint.found(inFolder: folder, names: try FileReader.names(in: folder)) {
        throw Failure(.data, "\(folder): expected weights, found \(found).")
      }
      throw Failure(
        .missingInput, "\(folder): expected a checkpoint, found none; name a run directory, or a file of weights.")
    }
    file = try Self.open(newest.path)
  }

  /// Opens a file, and reads all of it if its metadata can tell whether it is intact.
  private static func open(_ path: String) throws -> WeightFile {
    if !Path.exists(path), Path.exists(path + ".index") {
      throw Failure(.data, "\(path): expected weights, found \(TensorFlowCheckpoint.found(named: path)).")
    }
    let file = try WeightFile(path: path)
    if file.metadata("format")?.hasPrefix("kintsugi-") == true { try SafeTensorsReader(path: file.path).verify() }
    return file
  }

  /// True if the tensors have the names of checkpoints here.
  package var isOwn: Bool {
    switch file.metadata("format") {
    case CheckpointFields.format: true
    case Self.convertedFormat: file.metadata("layout") == WeightLayout.ownName
    default: false
    }
  }

  /// The configuration that the file says its weights were trained with; nil if it says none.
  ///
  /// - Throws: `Failure` of the kind `data`.
  func configuration() throws -> JSONValue? {
    try file.metadata("configuration").map {
      try JSONValue(parsing: Array($0.utf8), as: .strict, source: "\(file.path), metadata", kind: .data)
    }
  }

  /// The order of colors that its pictures had: what the file says, or else what the user says.
  ///
  /// - Throws: `Failure` of the kind `usage` if both say something, and not the same.
  func colorOrder(_ wanted: ColorOrder?) throws -> ColorOrder {
    // Files of earlier versions spell the key in British English.
    let written = file.metadata("color_order") ?? file.metadata("colour_order")
    let known = isOwn ? .rgb : written.flatMap { ColorOrder(rawValue: $0) }
    if let known, let wanted, known != wanted {
      throw Failure(
        .usage,
        "\(file.path): expected the color order that it says itself, \(known.rawValue), found \(wanted.rawValue); leave that out."
      )
    }
    return known ?? wanted ?? .rgb
  }
}
