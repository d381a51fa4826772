package import Support
import Tensors

/// The opened file of weights that a path leads to.
package struct WeightSource {
  package let file: WeightFile

  /// The value of `format` in the metadata of files that `convert` writes.
  static let convertedFormat = "kintsugi-weights-1"

  /// - Parameters:
  ///   - path: A checkpoint or `latest`; a run directory or a folder of checkpoints, for the newest intact one; or
  ///     another implementation's file, `.safetensors`, `.pth` or `.pt`.
  ///   - console: The console for warnings: one for each damaged checkpoint that is skipped, and one for objects in the
  ///     file that are no tensors.
  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` if the file or folder has no readable
  ///   weights.
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

  /// Opens a file. A file that this package wrote has a checksum in its metadata, and is read in full to verify it.
  private static func open(_ path: String) throws -> WeightFile {
    if !Path.exists(path), Path.exists(path + ".index") {
      throw Failure(.data, "\(path): expected weights, found \(TensorFlowCheckpoint.found(named: path)).")
    }
    let file = try WeightFile(path: path)
    if file.metadata("format")?.hasPrefix("kintsugi-") == true { try SafeTensorsReader(path: file.path).verify() }
    return file
  }

  /// True if the file has the layout of this package's checkpoints.
  package var isOwn: Bool {
    switch file.metadata("format") {
    case CheckpointFields.format: true
    case Self.convertedFormat: file.metadata("layout") == WeightLayout.ownName
    default: false
    }
  }

  /// The configuration of the training run from the file's metadata; nil if it has none.
  ///
  /// - Throws: `Failure` of the kind `data`.
  func configuration() throws -> JSONValue? {
    try file.metadata("configuration").map {
      try JSONValue(parsing: Array($0.utf8), as: .strict, source: "\(file.path), metadata", kind: .data)
    }
  }

  /// The color order of the training pictures: the one in the metadata, else the user's, else RGB.
  ///
  /// - Throws: `Failure` of the kind `usage` if the user's contradicts the metadata.
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
