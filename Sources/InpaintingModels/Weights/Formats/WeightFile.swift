import Glibc
import Support
import Tensors

/// The named tensors of a file, whatever its format: safetensors, or what `torch.save` writes.
package struct WeightFile {
  package let path: String
  /// In the order of the file.
  package let names: [String]
  /// Strings that say what the file is; PyTorch files have none.
  package let metadata: [(key: String, value: String)]
  /// A sentence on what a PyTorch file holds beside tensors and plain values, nil if it holds nothing else.
  package let remark: String?

  private let shapes: [Shape]
  private let indices: [[UInt8]: Int]
  private let read: (_ index: Int, UnsafeMutableBufferPointer<Scalar>) throws -> Void

  /// Opens a file, or the checkpoint that `latest` points to. Its contents tell the format; the name counts only in what is
  /// said if they tell nothing.
  ///
  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` if the file is damaged or of another
  ///   format.
  package init(path: String) throws {
    let path = CheckpointPointer.target(of: path)
    let isPyTorch =
      switch try WeightFormat(of: OpenFile(path, flags: O_RDONLY, action: "read")) {
      case .zip, .legacyPyTorch: true
      case .safeTensors: false
      case .unknown: [".pth", ".pt"].contains { path.hasSuffix($0) }
      }
    if isPyTorch {
      let reader = try PyTorchReader(path: path)
      self.init(path: path, reader.entries.map { ($0.name, $0.shape) }, remark: Self.remark(on: reader)) {
        try reader.read(reader.entries[$0], into: $1)
      }
    } else {
      self.init(try SafeTensorsReader(path: path))
    }
  }

  /// The sentence on what was passed over: the first ten, and how many there are.
  private static func remark(on reader: PyTorchReader) -> String? {
    let skipped = reader.skipped
    guard !skipped.isEmpty else { return nil }
    let shown = skipped.prefix(10).map { $0.name.isEmpty ? $0.noun : "\(JSONValue($0.name).excerpt) (\($0.noun))" }
    let rest = skipped.count > shown.count ? " and \(skipped.count - shown.count) more" : ""
    return "\(reader.path): skipped what holds no tensors: \(shown.joined(separator: ", "))\(rest)."
  }

  /// A safetensors file that is open already.
  package init(_ reader: SafeTensorsReader) {
    self.init(path: reader.path, reader.entries.map { ($0.name, $0.shape) }, metadata: reader.metadata) {
      try reader.read(reader.entries[$0], into: $1)
    }
  }

  init(
    path: String, _ tensors: [(name: String, shape: Shape)], metadata: [(key: String, value: String)] = [],
    remark: String? = nil, read: @escaping (_ index: Int, UnsafeMutableBufferPointer<Scalar>) throws -> Void
  ) {
    self.path = path
    self.metadata = metadata
    self.remark = remark
    self.read = read
    names = tensors.map(\.name)
    shapes = tensors.map(\.shape)
    // Bytes, because strings of other bytes may compare as equal.
    indices = Dictionary(
      names.enumerated().map { (Array($1.utf8), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The value of the metadata's key.
  package func metadata(_ key: String) -> String? { metadata.first { $0.key == key }?.value }

  /// The shape of a tensor, nil if there is none of that name.
  package func shape(of name: String) -> Shape? { indices[Array(name.utf8)].map { shapes[$0] } }

  /// Reads a tensor.
  ///
  /// - Throws: `Failure` of the kind `data` or `inputOutput`.
  package func tensor(_ name: String) throws -> Tensor {
    guard let index = indices[Array(name.utf8)] else {
      throw Failure(.data, "\(path) has no tensor \(JSONValue(name).write()).")
    }
    return try Tensor(shape: shapes[index]) { try read(index, $0) }
  }

  /// Reads a tensor; nil if there is none of that name.
  ///
  /// - Throws: `Failure` of the kind `data` or `inputOutput`.
  package func tensorIfAny(_ name: String) throws -> Tensor? { try shape(of: name).map { _ in try tensor(name) } }
}
