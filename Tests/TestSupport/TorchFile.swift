import Foundation

/// Something that `torch.save` can write, for tests that need such files.
package indirect enum TorchValue {
  case none
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case list([TorchValue])
  case tuple([TorchValue])
  case dictionary([(key: String, value: TorchValue)])
  /// A tensor of 32-bit numbers that has its storage for itself.
  case tensor([Float], shape: [Int])
  /// A string of Python 2, of any encoding.
  case python2Text([UInt8])
  /// A whole number in digits.
  case digits(String)
  /// A list of so many pairs, the same every time.
  case recall(pairsOfNone: Int)
  /// Any function with arguments.
  case call(module: String, name: String, [TorchValue])
}

/// A file as `torch.save` writes it: a zip archive with a pickle of protocol 2 and a record for each storage, or the format
/// before PyTorch 1.6.
package struct TorchFile {
  private var pickle: [UInt8] = [0x80, 2]
  private var storages: [[UInt8]] = []
  private var hasPairs = false

  /// The whole file.
  package static func bytes(_ root: TorchValue) -> [UInt8] {
    var file = TorchFile()
    file.write(root)
    let records = file.storages.enumerated().map { ("archive/data/\($0)", $1) }
    return zip([("archive/data.pkl", file.pickle + [UInt8(ascii: ".")])] + records)
  }

  /// The whole file as PyTorch wrote it before version 1.6.
  ///
  /// - Parameter keys: The names of the storages, if not those that there are.
  package static func legacy(
    _ root: TorchValue, keys: [TorchValue]? = nil, version: Int = 1001, isLittleEndian: Bool = true
  ) -> [UInt8] {
    var file = TorchFile()
    file.write(root)
    let names = file.storages.indices.map { TorchValue.text(String($0)) }
    let machine = TorchValue.dictionary([("little_endian", .boolean(isLittleEndian))])
    let magic: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
    let start = magic + alone(.integer(version)) + alone(machine) + file.pickle + [UInt8(ascii: ".")]
    return start + alone(.list(keys ?? names)) + file.storages.flatMap { number($0.count / 4, 8) + $0 }
  }

  private static func alone(_ value: TorchValue) -> [UInt8] {
    var file = TorchFile()
    file.write(value)
    return file.pickle + [UInt8(ascii: ".")]
  }

  /// A file with this pickle and no storages.
  package static func bytes(pickle: [UInt8]) -> [UInt8] { zip([("archive/data.pkl", pickle)]) }

  /// A zip archive with these members as they are.
  package static func zip(_ members: [(name: String, bytes: [UInt8])], method: Int = 0) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in members {
      let sizes = number(0, 4) + number(bytes.count, 4) + number(bytes.count, 4) + number(name.utf8.count, 2)
      let common = number(0, 2) + number(method, 2) + number(0, 4) + sizes + number(0, 2)
      let place = archive.count
      directory += Array("PK\u{1}\u{2}".utf8) + number(0, 4) + common + number(0, 10) + number(place, 4) + name.utf8
      archive += Array("PK\u{3}\u{4}".utf8) + number(0, 2) + common + name.utf8 + bytes
    }
    let counts = number(0, 4) + number(members.count, 2) + number(members.count, 2)
    let end = Array("PK\u{5}\u{6}".utf8) + counts + number(directory.count, 4) + number(archive.count, 4) + number(0, 2)
    return archive + directory + end
  }

  private mutating func write(_ value: TorchValue) {
    switch value {
    case .none: pickle += Array("N".utf8)
    case .boolean(let boolean): pickle.append(boolean ? 0x88 : 0x89)
    case .integer(let integer): pickle += [0x8A, 8] + Self.number(integer, 8)
    case .real(let real): pickle += Array("G".utf8) + Self.number(Int(bitPattern: UInt(real.bitPattern)), 8).reversed()
    case .text(let text): pickle += Array("X".utf8) + Self.number(text.utf8.count, 4) + Array(text.utf8)
    case .python2Text(let bytes): pickle += Array("U".utf8) + [UInt8(bytes.count)] + bytes
    case .digits(let digits): pickle += Array("I\(digits)\n".utf8)
    case .recall(let count):
      if hasPairs {
        pickle += Array("h\u{1}".utf8)
      } else {
        bracket("](", Array(repeating: .tuple([.none, .none]), count: count), "eq\u{1}")
        hasPairs = true
      }
    case .list(let items): bracket("](", items, "e")
    case .tuple(let items): bracket("(", items, "t")
    case .dictionary(let members): bracket("}(", members.flatMap { [.text($0.key), $0.value] }, "u")
    case .tensor(let numbers, let shape): write(tensor(numbers, shape))
    case .call("storage", let type, let arguments):
      pickle += Array("(".utf8)
      write(.text("storage"))
      pickle += Array("ctorch\n\(type)\n".utf8)
      for argument in arguments { write(argument) }
      pickle += Array("tQ".utf8)
    case .call(let module, let name, let arguments):
      pickle += Array("c\(module)\n\(name)\n".utf8)
      write(.tuple(arguments))
      pickle += Array("R".utf8)
    }
  }

  private mutating func bracket(_ start: String, _ items: [TorchValue], _ end: String) {
    pickle += Array(start.utf8)
    for item in items { write(item) }
    pickle += Array(end.utf8)
  }

  private mutating func tensor(_ numbers: [Float], _ shape: [Int]) -> TorchValue {
    storages.append(numbers.flatMap { Self.number(Int($0.bitPattern), 4) })
    let key = TorchValue.text(String(storages.count - 1))
    let storage = TorchValue.call(
      module: "storage", name: "FloatStorage", [key, .text("cpu"), .integer(numbers.count)])
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    let hooks = TorchValue.call(module: "collections", name: "OrderedDict", [])
    return .call(
      module: "torch._utils", name: "_rebuild_tensor_v2",
      [
        storage, .integer(0), .tuple(shape.map { .integer($0) }), .tuple(strides.map { .integer($0) }),
        .boolean(false), hooks,
      ])
  }

  /// Little-endian.
  private static func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
  }
}
