import Foundation
import Tensors

/// A checkpoint that has been read and found intact.
struct LoadedCheckpoint {
  let path: String
  let fields: CheckpointFields
  private let tensors: [String: Tensor]

  /// Reads a file, or what a link points to.
  ///
  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` if it is damaged or no checkpoint.
  init(path: String) throws {
    let reader = try SafeTensorsReader(path: path)
    let fields = try CheckpointFields(reader)
    var checksum = Checksum()
    var tensors: [String: Tensor] = [:]
    for entry in reader.entries {
      let tensor = try Tensor(shape: entry.shape) { try reader.read(entry, into: $0) }
      // Files of another precision are converted, and their checksum is that of other bytes.
      if entry.type == .scalar { tensor.withElements { checksum.add($0) } }
      tensors[entry.name] = tensor
    }
    let isOwnPrecision = reader.entries.allSatisfy { $0.type == .scalar }
    guard !isOwnPrecision || reader.metadata("checksum") == checksum.text else {
      throw Failure(.data, "\(path) is damaged: its contents do not have the checksum that its metadata gives.")
    }
    self.path = path
    self.fields = fields
    self.tensors = tensors
  }

  /// - Throws: `Failure` of the kind `data` if there is no such tensor, or it has another shape.
  func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
    guard let tensor = tensors[name] else {
      throw Failure(.data, "\(path) has no tensor \(name): it is a checkpoint of another model.")
    }
    guard tensor.shape == shape else {
      throw Failure(
        .data, "\(path): expected shape \(shape) for \(name), found \(tensor.shape): it is of another model.")
    }
    return tensor
  }
}
