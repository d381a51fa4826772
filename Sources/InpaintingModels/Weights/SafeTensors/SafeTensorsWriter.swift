package import Kernels
import Support
import Tensors

/// Writes safetensors files, as `F32`, or `F64` where `Scalar` is `Double`.
///
/// The same tensors always give the same bytes: they keep the order they are given in, and so does the metadata. The
/// header is padded with spaces so that the data begins at a multiple of 64 bytes.
package enum SafeTensorsWriter {
  /// Writes a file whose tensors are produced one after the other, so that they need not be in memory together.
  ///
  /// - Parameters:
  ///   - tensors: What will be written, in this order.
  ///   - metadata: Strings for `__metadata__`, which is left out if there are none.
  ///   - values: Called once a tensor with its index; hands the elements, in one piece or several, to the function it
  ///     is given.
  /// - Throws: `Failure` of the kind `inputOutput`, or what `values` throws; the path then holds what it held before.
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

  /// Writes a file of tensors that are in memory.
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

  /// The length and the header itself, up to where the data begins.
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
