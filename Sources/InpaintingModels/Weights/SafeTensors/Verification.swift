import Support
import Tensors

extension SafeTensorsReader {
  /// Reads every tensor of a file that was written here, and finds out whether it is intact.
  ///
  /// - Parameter body: Gets the tensors; what it made of them counts only if nothing is thrown.
  /// - Throws: `Failure` of the kind `data` if the whole does not have the checksum that its metadata gives.
  package func verify(_ body: (_ name: String, Tensor) -> Void = { _, _ in }) throws {
    var checksum = Checksum()
    for entry in entries {
      let tensor = try Tensor(shape: entry.shape) { try read(entry, into: $0) }
      if entry.type == .scalar { tensor.withElements { checksum.add($0) } }
      body(entry.name, tensor)
    }
    // Files of another precision are converted, and their checksum is that of other bytes.
    let isOwnPrecision = entries.allSatisfy { $0.type == .scalar }
    guard !isOwnPrecision || metadata("checksum") == checksum.text else {
      throw Failure(.data, "\(path) is damaged: its contents do not have the checksum that its metadata gives.")
    }
  }
}
