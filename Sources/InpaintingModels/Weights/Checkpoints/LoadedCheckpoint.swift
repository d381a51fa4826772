import Foundation
import Support
import Tensors

/// A checkpoint that has been read and found intact.
package struct LoadedCheckpoint {
  package let path: String
  package let fields: CheckpointFields
  private let tensors: [String: Tensor]

  /// Reads a file, or the one that `latest` points to.
  ///
  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` if it is damaged or no checkpoint.
  package init(path: String) throws {
    let path = CheckpointPointer.target(of: path)
    let reader = try SafeTensorsReader(path: path)
    let fields = try CheckpointFields(reader)
    var tensors: [String: Tensor] = [:]
    try reader.verify { tensors[$0] = $1 }
    self.path = path
    self.fields = fields
    self.tensors = tensors
  }

  /// - Throws: `Failure` of the kind `data` if there is no such tensor, or it has another shape.
  package func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
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
