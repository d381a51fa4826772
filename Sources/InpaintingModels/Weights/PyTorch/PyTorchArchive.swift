import Support

/// The parsed structure of a file of `torch.save`: the pickled object, and the byte ranges of its storages.
struct PyTorchArchive {
  /// The largest size of the pickles in bytes, without the storages.
  static let pickleLimit = 32 << 20

  let contents: PyTorchContents
  /// The byte range in the file of each storage's record, little-endian.
  let records: [ByteString: Range<Int>]
}

// MARK: PyTorch 1.6 and newer

extension PyTorchArchive {
  /// Parses a zip archive with a pickle, `data.pkl`, and a record for each storage.
  ///
  /// - Throws: `Failure` of the kind `data` or `inputOutput`.
  init(zip file: OpenFile) throws {
    let path = file.path
    let archive = try ZipArchive(file)
    let folder = try Self.folder(of: archive, path: path)
    func bytes(_ name: String) throws -> [UInt8]? {
      try archive.members.first { $0.name.hasSameBytes(as: folder + name) }
        .map { try archive.contents(of: $0, limit: Self.pickleLimit) }
    }
    if let order = try bytes("byteorder"), !order.starts(with: "little".utf8) {
      throw Failure(
        .data, "\(path): expected numbers in little-endian order, found another; save it on a usual machine.")
    }
    let source = "\(path), data.pkl"
    var machine = PickleMachine(PickleBytes(try bytes("data.pkl") ?? [], source: source))
    let root = try machine.run()
    contents = try PyTorchContents(root, in: machine.heap, source: source)
    let data = folder + "data/"
    var records: [ByteString: Range<Int>] = [:]
    for member in archive.members where member.name.utf8.starts(with: data.utf8) {
      try archive.checkIsStored(member)
      records[ByteString(String(decoding: member.name.utf8.dropFirst(data.utf8.count), as: UTF8.self))] = member.bytes
    }
    self.records = records
  }

  /// The top-level folder of the archive, whose name is arbitrary: `torch.save` takes it from the first file name.
  private static func folder(of archive: ZipArchive, path: String) throws -> String {
    let names = archive.members.map(\.name)
    let pickles = names.filter { $0.hasSuffix("/data.pkl") }
    if let code = pickles.first.map({ $0.dropLast("data.pkl".count) + "code/" }),
      names.contains(where: { $0.hasPrefix(code) })
    {
      throw Failure(
        .data,
        "\(path): expected weights, found a TorchScript program with weights in it; take them out in Python: "
          + "torch.save(torch.jit.load(\"program.pt\", map_location=\"cpu\").state_dict(), \"weights.pth\").")
    }
    guard pickles.count == 1 else {
      let first = names.first.map { ", and first in it \(JSONValue($0).excerpt): unpack it" } ?? ""
      throw Failure(
        .data,
        "\(path): expected a zip archive that torch.save wrote, with one data.pkl, found \(pickles.count)\(first).")
    }
    return String(pickles[0].dropLast("data.pkl".count))
  }
}

// MARK: Before PyTorch 1.6

extension PyTorchArchive {
  /// Parses five consecutive pickles (a magic number, the format's version, the machine's byte order, the object, and
  /// the names of the storages), followed, for each storage, by the number of elements as eight bytes and the elements.
  ///
  /// - Throws: `Failure` of the kind `data` or `inputOutput`.
  init(legacy file: OpenFile) throws {
    let source = "\(file.path), pickles"
    var bytes = try PickleBytes(file, limit: Self.pickleLimit, source: source)
    func next() throws -> (PickleValue, PickleHeap) {
      var machine = PickleMachine(bytes)
      let value = try machine.run()
      bytes = machine.bytes
      return (value, machine.heap)
    }
    _ = try next()
    guard case (.integer(1001), _) = try next() else {
      throw bytes.failure("expected version 1001 of PyTorch's old format, found another")
    }
    let (machine, machineHeap) = try next()
    guard machineHeap.isLittleEndian(machine) else {
      throw bytes.failure("expected numbers in little-endian order, found another; save it on a usual machine")
    }
    let (root, heap) = try next()
    contents = try PyTorchContents(root, in: heap, source: source)
    let (keys, keyHeap) = try next()
    guard case .container(let index) = keys, keyHeap.containers[index].kind == .list else {
      throw bytes.failure("expected the names of the storages, found \(keys.description)")
    }
    var records: [ByteString: Range<Int>] = [:]
    var start = bytes.position
    let size = try file.size()
    for key in keyHeap.containers[index].items {
      guard case .text(let name) = key, let record = heap.records[ByteString(name)], records[ByteString(name)] == nil
      else {
        throw bytes.failure("expected the names of the storages of its tensors, found others; the file is damaged")
      }
      var count: UInt64 = 0
      try withUnsafeMutableBytes(of: &count) { try file.read(into: $0, at: start) }
      start += 8
      // The number of elements is in the pickle as well.
      let (length, overflow) = record.count.multipliedReportingOverflow(by: record.size)
      guard UInt64(littleEndian: count) == UInt64(record.count), !overflow, length <= size - start else {
        throw Failure(
          .data,
          "\(file.path), byte \(start - 8): expected \(record.count) numbers of \(record.size) bytes, found "
            + "\(UInt64(littleEndian: count)) in \(size - start) bytes; the file is damaged or cut short.")
      }
      records[ByteString(name)] = start..<start + length
      start += length
    }
    self.records = records
  }
}

extension PickleHeap {
  /// True if the third pickle of a legacy file has little-endian byte order, or none.
  fileprivate func isLittleEndian(_ machine: PickleValue) -> Bool {
    guard case .container(let index) = machine, containers[index].kind == .dictionary else { return true }
    let items = containers[index].items
    return !stride(from: 0, to: items.count - 1, by: 2).contains { index in
      if case (.text("little_endian"), .boolean(false)) = (items[index], items[index + 1]) { true } else { false }
    }
  }
}
