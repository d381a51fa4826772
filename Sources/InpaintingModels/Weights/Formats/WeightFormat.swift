import Support

/// The format of a file of weights, by its contents; names say too little, and often something else.
enum WeightFormat {
  case safeTensors
  /// A zip archive, as `torch.save` has written since PyTorch 1.6.
  case zip
  /// Pickles in a row, as `torch.save` wrote before.
  case legacyPyTorch
  /// Nothing that is recognized.
  case unknown

  /// - Throws: `Failure` of the kind `data` for a folder, a pipe, and for what is known and holds no weights that can be
  ///   read; `inputOutput`.
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

  /// A length that a header can have, and the header's first character.
  private static func startsSafeTensors(_ start: [UInt8]) -> Bool {
    guard start.count > 8, start[8] == UInt8(ascii: "{") else { return false }
    return start[..<8].reversed().reduce(0) { $0 << 8 | UInt64($1) } <= SafeTensorsHeader.limit
  }

  /// A pickle of the number 0x1950a86a20f9469cfc6c: of protocol 1, of 2 and 3, or of 4 and 5, which say its length.
  private static func startsLegacyPyTorch(_ start: [UInt8]) -> Bool {
    if start.starts(with: "L119547037146038801333356L\n.".utf8) { return true }
    guard start.count > 11, start[0] == PickleOpcode.proto.rawValue else { return false }
    let pickle = start.dropFirst(start[2] == PickleOpcode.frame.rawValue ? 11 : 2)
    let number: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    return pickle.starts(with: [PickleOpcode.long1.rawValue, 10] + number + [PickleOpcode.stop.rawValue])
  }
}
