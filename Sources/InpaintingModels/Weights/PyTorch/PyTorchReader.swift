import Glibc
import Kernels
import Support

/// One tensor of a PyTorch file.
package struct PyTorchEntry: Equatable, Sendable {
  /// The keys that lead to it, joined with dots: `G.stage1.conv1.conv.weight`.
  package let name: String
  package let type: SafeTensorsType
  /// The sizes, outermost first; empty for a single number.
  package let shape: [Int]

  /// How many elements there are.
  package var count: Int { shape.reduce(1, *) }
}

/// Reads the tensors of a file that `torch.save` wrote (`.pth`, `.pt`), one by one, on demand.
///
/// Such a file is a zip archive with a pickle, `data.pkl`, and a record of numbers for each storage. Dictionaries, lists
/// and tuples of tensors and plain values are understood, to any reasonable depth; code is never run, and a pickle that
/// asks for anything else is refused by name.
package final class PyTorchReader {
  /// The most bytes that the pickle may have, without the tensors' numbers.
  static let pickleLimit = 32 << 20

  package let path: String
  /// In the order of the file.
  package let entries: [PyTorchEntry]
  /// Numbers, strings, truth values and None (as null), named like tensors. Numbers that are not finite are null too.
  package let values: [(name: String, value: JSONValue)]

  private let file: OpenFile
  private let places: [(tensor: PyTorchTensor, record: Range<Int>)]
  private let indices: [ByteString: Int]

  /// Whether the file begins as those of `torch.save` do, of today or of before 2020.
  ///
  /// - Throws: `Failure` of the kind `missingInput` or `inputOutput`, or `data` for a folder or a pipe.
  package static func recognizes(path: String) throws -> Bool {
    let start = try Self.start(of: OpenFile(path, flags: O_RDONLY, action: "read"))
    return start.starts(with: zipSignature) || start.starts(with: legacySignature)
  }

  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` if the file is damaged, of another format,
  ///   or holds more than tensors and plain values.
  package init(path: String) throws {
    self.path = path
    let file = try OpenFile(path, flags: O_RDONLY, action: "read")
    self.file = file
    let start = try Self.start(of: file)
    guard !start.starts(with: Self.legacySignature) else {
      throw Failure(
        .data,
        "\(path): expected a file of PyTorch 1.6 or newer, found its older format; save it again in Python: "
          + "torch.save(torch.load(\"old.pth\", map_location=\"cpu\"), \"new.pth\").")
    }
    guard start.starts(with: Self.zipSignature) else {
      throw Failure(
        .data, "\(path): expected a file that torch.save wrote, found another format; was it downloaded completely?")
    }
    let archive = try ZipArchive(file)
    let folder = try Self.folder(of: archive, path: path)
    let contents = try Self.contents(of: archive, folder: folder, path: path)
    var records: [ByteString: Range<Int>] = [:]
    for member in archive.members { records[ByteString(member.name)] = member.bytes }
    places = try contents.tensors.map { name, tensor in
      let storage = tensor.storage
      let (size, overflow) = storage.count.multipliedReportingOverflow(by: storage.type.size)
      guard let record = records[ByteString(folder + "data/" + storage.record)], !overflow, record.count >= size else {
        throw Failure(
          .data, "\(path): the numbers of \(JSONValue(name).excerpt) are missing or too few; the file is damaged.")
      }
      return (tensor, record)
    }
    entries = contents.tensors.map { PyTorchEntry(name: $0.name, type: $0.tensor.storage.type, shape: $0.tensor.shape) }
    values = contents.values
    indices = Dictionary(
      contents.tensors.enumerated().map { (ByteString($1.name), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The tensor of that name, compared as UTF-8 bytes.
  package func entry(named name: String) -> PyTorchEntry? {
    indices[ByteString(name)].map { entries[$0] }
  }

  /// Reads a tensor in row-major order into memory that is there already, turned into scalars as `SafeTensorsReader`
  /// does.
  ///
  /// - Throws: `Failure` of the kind `data` for a file that has become shorter, or `inputOutput`.
  /// - Precondition: The entry is one of this file, and `scalars` has its count.
  package func read(_ entry: PyTorchEntry, into scalars: UnsafeMutableBufferPointer<Scalar>) throws {
    guard let index = indices[ByteString(entry.name)] else {
      preconditionFailure("PyTorchReader: \(path) has no tensor \(entry.name)")
    }
    let (tensor, record) = places[index]
    precondition(
      scalars.count == tensor.count, "PyTorchReader: \(scalars.count) places for \(tensor.count) elements")
    let start = record.lowerBound + tensor.span.lowerBound * entry.type.size
    if tensor.isContiguous { return try file.readScalars(entry.type, at: start, into: scalars) }
    try withUnsafeTemporaryAllocation(of: Scalar.self, capacity: tensor.span.count) { span in
      try file.readScalars(entry.type, at: start, into: span)
      var target = 0
      tensor.forEachPlace { place in
        scalars[target] = span[place]
        target += 1
      }
    }
  }

  /// A tensor's elements in row-major order.
  package func scalars(of entry: PyTorchEntry) throws -> [Scalar] {
    try [Scalar](unsafeUninitializedCapacity: entry.count) { buffer, count in
      try read(entry, into: UnsafeMutableBufferPointer(rebasing: buffer[..<entry.count]))
      count = entry.count
    }
  }

  // MARK: The archive

  private static let zipSignature: [UInt8] = Array("PK\u{3}\u{4}".utf8)
  /// A pickle of the magic number 0x1950a86a20f9469cfc6c.
  private static let legacySignature: [UInt8] = [
    0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]

  private static func start(of file: OpenFile) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: min(try file.size(), legacySignature.count))
    try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
    return bytes
  }

  /// The folder in the archive that holds all: its name is that of the first file that was saved, and says nothing.
  private static func folder(of archive: ZipArchive, path: String) throws -> String {
    let pickles = archive.members.map(\.name).filter { $0.hasSuffix("/data.pkl") }
    guard pickles.count == 1 else {
      throw Failure(
        .data, "\(path): expected a zip archive that torch.save wrote, with one data.pkl, found \(pickles.count).")
    }
    return String(pickles[0].dropLast("data.pkl".count))
  }

  private static func contents(of archive: ZipArchive, folder: String, path: String) throws -> PyTorchContents {
    func bytes(_ name: String) throws -> [UInt8]? {
      try archive.members.first { $0.name.hasSameBytes(as: folder + name) }
        .map { try archive.contents(of: $0, limit: pickleLimit) }
    }
    if let order = try bytes("byteorder"), !order.starts(with: "little".utf8) {
      throw Failure(
        .data, "\(path): expected numbers in little-endian order, found another; save it on a usual machine.")
    }
    let source = "\(path), data.pkl"
    var machine = PickleMachine(try bytes("data.pkl") ?? [], source: source)
    let root = try machine.run()
    return try PyTorchContents(root, in: machine.heap, source: source)
  }
}
