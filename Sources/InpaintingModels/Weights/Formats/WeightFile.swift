import Glibc
import Support
package import Tensors

/// The named tensors of a safetensors file or of a file that `torch.save` wrote.
package struct WeightFile {
  package let path: String
  /// The names of the tensors, in the order of the file.
  package let names: [String]
  /// The metadata of a safetensors file; empty for PyTorch files.
  package let metadata: [(key: String, value: String)]
  /// A sentence on the objects of a PyTorch file that are neither tensors nor plain values; nil if there are none.
  package let remark: String?

  private let shapes: [Shape]
  private let indices: [[UInt8]: Int]
  private let read: (_ index: Int, UnsafeMutableBufferPointer<Scalar>) throws -> Void

  /// Opens a file, or the checkpoint that `latest` points to. The format is recognized by the contents. For unknown
  /// contents, the name decides which format the error message expects.
  ///
  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` if the file is damaged or of another
  ///   format.
  package init(path: String) throws {
    let path = CheckpointPointer.target(of: path)
    let isPyTorch =
      switch try WeightFormat(of: OpenFile(path, flags: O_RDONLY, action: "read it")) {
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

  /// The sentence on the skipped objects, which names the first ten and the number of the others.
  private static func remark(on reader: PyTorchReader) -> String? {
    let skipped = reader.skipped
    guard !skipped.isEmpty else { return nil }
    let shown = skipped.prefix(10).map { $0.name.isEmpty ? $0.noun : "\(JSONValue($0.name).excerpt) (\($0.noun))" }
    let rest = skipped.count > shown.count ? " and \(skipped.count - shown.count) more" : ""
    return "\(reader.path): skipped what holds no tensors: \(shown.joined(separator: ", "))\(rest)."
  }

  /// Makes a weight file of an opened safetensors file.
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
    // Keyed by bytes, because strings with different bytes may compare as equal.
    indices = Dictionary(
      names.enumerated().map { (Array($1.utf8), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The metadata's value for a key; nil if the key is absent.
  package func metadata(_ key: String) -> String? { metadata.first { $0.key == key }?.value }

  /// The shape of a tensor; nil if the file has no tensor of that name.
  package func shape(of name: String) -> Shape? { indices[Array(name.utf8)].map { shapes[$0] } }

  /// Reads a tensor, converted to `Scalar`.
  ///
  /// - Throws: `Failure` of the kind `data` or `inputOutput`.
  package func tensor(_ name: String) throws -> Tensor {
    guard let index = indices[Array(name.utf8)] else {
      throw Failure(.data, "\(path): expected a tensor \(JSONValue(name).write()), found none.")
    }
    return try Tensor(shape: shapes[index]) { try read(index, $0) }
  }

  /// Reads a tensor, converted to `Scalar`; nil if the file has no tensor of that name.
  ///
  /// - Throws: `Failure` of the kind `data` or `inputOutput`.
  package func tensorIfAny(_ name: String) throws -> Tensor? { try shape(of: name).map { _ in try tensor(name) } }
}

/// The format of a file of weights, recognized by its contents, because names are often missing or wrong.
enum WeightFormat {
  case safeTensors
  /// A zip archive, the format of `torch.save` since PyTorch 1.6.
  case zip
  /// A sequence of pickles, the format of `torch.save` before PyTorch 1.6.
  case legacyPyTorch
  /// An unknown format.
  case unknown

  /// - Throws: `Failure` of the kind `data` for a folder, a pipe, or a known format without readable weights;
  ///   `inputOutput`.
  init(of file: OpenFile) throws {
    let size = try file.size()
    var start = [UInt8](repeating: 0, count: min(size, 1024))
    try start.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
    if Self.startsSafeTensors(start) {
      self = .safeTensors
    } else if start.starts(with: "PK\u{3}\u{4}".utf8) {
      self = .zip
    } else if Self.startsLegacyPyTorch(start) {
      self = .legacyPyTorch
    } else {
      if let found = try ForeignFormat.found(in: start, of: file, size: size) {
        throw Failure(.data, "\(file.path): expected weights, found \(found).")
      }
      self = .unknown
    }
  }

  /// True for a plausible header length followed by the header's first character, `{`.
  private static func startsSafeTensors(_ start: [UInt8]) -> Bool {
    guard start.count > 8, start[8] == UInt8(ascii: "{") else { return false }
    return start[..<8].reversed().reduce(0) { $0 << 8 | UInt64($1) } <= SafeTensorsHeader.limit
  }

  /// True for a pickle of PyTorch's magic number 0x1950a86a20f9469cfc6c, in protocol 1, in 2 and 3, or in 4 and 5,
  /// which have a frame.
  private static func startsLegacyPyTorch(_ start: [UInt8]) -> Bool {
    if start.starts(with: "L119547037146038801333356L\n.".utf8) { return true }
    guard start.count > 11, start[0] == PickleOpcode.proto.rawValue else { return false }
    let pickle = start.dropFirst(start[2] == PickleOpcode.frame.rawValue ? 11 : 2)
    let number: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    return pickle.starts(with: [PickleOpcode.long1.rawValue, 10] + number + [PickleOpcode.stop.rawValue])
  }
}
