package import Kernels
import Support
import Tensors

/// A writer of safetensors files, in `F32`, or in `F64` where `Scalar` is `Double`.
///
/// The output is deterministic: tensors and metadata keep the order of the arguments. The header is padded with spaces
/// so that the data begins at a multiple of 64 bytes.
package enum SafeTensorsWriter {
  /// Writes a file whose tensors are produced one after the other, and need not be in memory together.
  ///
  /// - Parameters:
  ///   - tensors: The names and shapes of the tensors, in order.
  ///   - metadata: The entries of `__metadata__`, which is left out if there are none.
  ///   - values: A closure that is called once per tensor with the tensor's index, and passes the elements, in one or
  ///     several pieces, to `write`.
  /// - Throws: `Failure` of the kind `inputOutput`, or the error of `values`; an existing file is then unchanged.
  /// - Precondition: no name repeats, and the elements are as many as the shapes say.
  package static func write(
    _ tensors: [(name: String, shape: [Int])], metadata: [(key: String, value: String)] = [], to path: String,
    values: (_ index: Int, _ write: (UnsafeBufferPointer<Scalar>) throws -> Void) throws -> Void
  ) throws {
    try FileWriter.writeAtomically(to: path) { stream in
      try stream.write(header(tensors, metadata: metadata))
      for (index, tensor) in tensors.enumerated() {
        var missing = tensor.shape.reduce(1, *)
        try values(index) { piece in
          missing -= piece.count
          try stream.write(UnsafeRawBufferPointer(piece))
        }
        precondition(missing == 0, "SafeTensorsWriter: \(tensor.name) \(tensor.shape) lacks \(missing) elements")
      }
    }
  }

  /// Writes a file from tensors in memory.
  ///
  /// - Throws: `Failure` of the kind `inputOutput`.
  /// - Precondition: no name repeats, and the elements are as many as the shapes say.
  package static func write(
    _ tensors: [(name: String, shape: [Int], values: [Scalar])], metadata: [(key: String, value: String)] = [],
    to path: String
  ) throws {
    try write(tensors.map { ($0.name, $0.shape) }, metadata: metadata, to: path) { index, write in
      try tensors[index].values.withUnsafeBufferPointer(write)
    }
  }

  /// The length of the header and the padded header: all bytes before the data.
  private static func header(
    _ tensors: [(name: String, shape: [Int])], metadata: [(key: String, value: String)]
  ) -> [UInt8] {
    var members: [(key: String, value: JSONValue)] = []
    if !metadata.isEmpty {
      members.append(("__metadata__", JSONValue(metadata.map { (key: $0.key, value: JSONValue($0.value)) })))
    }
    var end = 0
    for tensor in tensors {
      let start = end
      end += tensor.shape.reduce(1, *) * MemoryLayout<Scalar>.size
      members.append(
        (
          tensor.name,
          [
            "dtype": JSONValue(SafeTensorsType.scalar.rawValue),
            "shape": JSONValue(tensor.shape.map { JSONValue($0) }),
            "data_offsets": JSONValue([JSONValue(start), JSONValue(end)]),
          ]
        ))
    }
    var json = Array(JSONValue(members).write().utf8)
    while (8 + json.count) % 64 != 0 { json.append(UInt8(ascii: " ")) }
    precondition(json.count <= SafeTensorsHeader.limit, "SafeTensorsWriter: a header of \(json.count) bytes")
    return withUnsafeBytes(of: UInt64(json.count).littleEndian, Array.init) + json
  }
}
