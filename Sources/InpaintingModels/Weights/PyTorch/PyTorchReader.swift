import Glibc
package import Kernels
package import Support

/// The name, type and shape of one tensor of a PyTorch file.
package struct PyTorchEntry: Equatable, Sendable {
  /// The keys on the path to the tensor, joined with dots, such as `G.stage1.conv1.conv.weight`.
  package let name: String
  package let type: SafeTensorsType
  /// The shape; empty for a scalar.
  package let shape: [Int]

  /// The number of elements.
  package var count: Int { shape.reduce(1, *) }
}

/// A reader of files that `torch.save` wrote (`.pth`, `.pt`), which reads tensors one by one, on demand.
///
/// Such a file is a zip archive or, before PyTorch 1.6, a sequence of pickles; both contain a pickle of the object, and
/// a record for each storage. Nested dictionaries, lists and tuples of tensors and plain values are supported, and code
/// is never run, as with `weights_only=True`. Objects of well-known classes without tensors are skipped; any other
/// class or function is an error that names it.
package final class PyTorchReader {
  package let path: String
  /// The tensors, in the order of the file.
  package let entries: [PyTorchEntry]
  /// Numbers, strings, booleans and None (as null), named like tensors. Numbers that are not finite become null.
  package let values: [(name: String, value: JSONValue)]
  /// The objects that are neither tensors nor plain values: their names, and nouns that describe them.
  package let skipped: [(name: String, noun: String)]

  private let file: OpenFile
  private let places: [(tensor: PyTorchTensor, record: Range<Int>)]
  private let indices: [ByteString: Int]

  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` if the file is damaged, of another format,
  ///   or holds more than tensors, plain values and well-known objects.
  package init(path: String) throws {
    self.path = path
    let file = try OpenFile(path, flags: O_RDONLY, action: "read it")
    self.file = file
    let archive: PyTorchArchive
    switch try WeightFormat(of: file) {
    case .zip: archive = try PyTorchArchive(zip: file)
    case .legacyPyTorch: archive = try PyTorchArchive(legacy: file)
    case .safeTensors, .unknown:
      throw Failure(
        .data, "\(path): expected a file that torch.save wrote, found another format; download it again.")
    }
    let contents = archive.contents
    places = try contents.tensors.map { name, tensor in
      let storage = tensor.storage
      let (size, overflow) = storage.range.upperBound.multipliedReportingOverflow(by: storage.type.size)
      guard let record = archive.records[ByteString(storage.record)], !overflow, record.count >= size else {
        throw Failure(
          .data,
          "\(path): expected the numbers of \(JSONValue(name).excerpt), found none or too few; the file is damaged.")
      }
      return (tensor, record)
    }
    entries = contents.tensors.map { PyTorchEntry(name: $0.name, type: $0.tensor.storage.type, shape: $0.tensor.shape) }
    values = contents.values
    skipped = contents.skipped
    indices = Dictionary(
      contents.tensors.enumerated().map { (ByteString($1.name), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The entry of a tensor by name, compared as UTF-8 bytes; nil if there is none.
  package func entry(named name: String) -> PyTorchEntry? {
    indices[ByteString(name)].map { entries[$0] }
  }

  /// Reads a tensor in row-major order into a buffer, converted to `Scalar` as by `SafeTensorsReader`.
  ///
  /// - Throws: `Failure` of the kind `data` for 8-bit floats, complex numbers, and a file that has been truncated, or
  ///   `inputOutput`.
  /// - Precondition: The entry is one of this file, and `scalars` has its count.
  package func read(_ entry: PyTorchEntry, into scalars: UnsafeMutableBufferPointer<Scalar>) throws {
    guard let index = indices[ByteString(entry.name)] else {
      preconditionFailure("PyTorchReader: \(path) has no tensor \(entry.name)")
    }
    let (tensor, record) = places[index]
    precondition(
      scalars.count == tensor.count, "PyTorchReader: \(scalars.count) places for \(tensor.count) elements")
    guard entry.type.isReadable else {
      let name = JSONValue(entry.name).excerpt
      throw Failure(.data, "\(path): tensor \(name): expected real numbers, found \(entry.type.rawValue)")
    }
    let start = record.lowerBound + (tensor.storage.range.lowerBound + tensor.span.lowerBound) * entry.type.size
    if tensor.isContiguous { return try file.readScalars(entry.type, at: start, into: scalars) }
    try withUnsafeTemporaryAllocation(of: Scalar.self, capacity: tensor.span.count) { span in
      try file.readScalars(entry.type, at: start, into: span)
      var target = 0
      tensor.forEachIndex { index in
        scalars[target] = span[index]
        target += 1
      }
    }
  }

  /// The elements of a tensor in row-major order.
  package func scalars(of entry: PyTorchEntry) throws -> [Scalar] {
    try [Scalar](unsafeUninitializedCapacity: entry.count) { buffer, count in
      try read(entry, into: UnsafeMutableBufferPointer(rebasing: buffer[..<entry.count]))
      count = entry.count
    }
  }
}
