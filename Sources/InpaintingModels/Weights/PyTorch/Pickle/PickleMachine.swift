import Support

/// An interpreter of pickles, which are programs for a stack machine. It builds containers and tensors, and never calls
/// Python functions.
///
/// Functions and classes must be in `PyTorchGlobal` or `PyTorchPlaceholder`; any other is an error.
struct PickleMachine {
  /// The maximum number of instructions; a state dictionary has about thirty per tensor.
  static let limit = 4_000_000

  private(set) var heap = PickleHeap()
  /// The stream, which is after the end of the pickle once `run` returns.
  private(set) var bytes: PickleBytes
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  init(_ bytes: PickleBytes) {
    self.bytes = bytes
  }

  /// Runs the pickle, and returns its value.
  ///
  /// - Throws: `Failure` of the kind `data`.
  mutating func run() throws -> PickleValue {
    for _ in 0..<Self.limit {
      let code = try bytes.byte()
      guard let opcode = PickleOpcode(rawValue: code) else {
        throw bytes.failure(
          "expected an instruction that a pickle of tensors needs, found 0x\(String(code, radix: 16)); the file is damaged, "
            + "or was written with pickle protocol 0")
      }
      if opcode == .stop { return try pop() }
      try perform(opcode)
    }
    throw bytes.failure("expected at most \(Self.limit) instructions, found more")
  }

  private mutating func perform(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .proto:
      let version = try bytes.byte()
      guard version <= 5 else { throw bytes.failure("expected a pickle protocol up to 5, found \(version)") }
    case .frame: _ = try bytes.take(8)
    case .none, .newTrue, .newFalse, .int, .long, .binInt, .binInt1, .binInt2, .long1, .long4, .binFloat,
      .shortBinUnicode, .binUnicode, .binUnicode8, .shortBinString, .binString, .shortBinBytes, .binBytes, .binBytes8,
      .byteArray8:
      stack.append(try plainValue(opcode))
    case .mark: marks.append(stack.count)
    case .emptyTuple: stack.append(heap.add(.tuple))
    case .tuple1: try replaceTop(1)
    case .tuple2: try replaceTop(2)
    case .tuple3: try replaceTop(3)
    case .tuple: stack.append(heap.add(.tuple, try popToMark()))
    case .emptyList: stack.append(heap.add(.list))
    case .list: stack.append(heap.add(.list, try popToMark()))
    case .emptyDict: stack.append(heap.add(.dictionary))
    case .dict: stack.append(heap.add(.dictionary, try pairs(try popToMark())))
    case .append: try extend(.list, with: try pop(1))
    case .appends: try extend(.list, with: try popToMark())
    case .emptySet: stack.append(.placeholder("set"))
    case .addItems: try extend(.list, with: try popToMark())
    case .frozenSet:
      _ = try popToMark()
      stack.append(.placeholder("frozenset"))
    case .setItem: try extend(.dictionary, with: try pop(2))
    case .setItems: try extend(.dictionary, with: try pairs(try popToMark()))
    case .pop: _ = try pop()
    case .popMark: _ = try popToMark()
    case .dup: stack.append(try top())
    case .binPut: memo[Int(try bytes.byte())] = try top()
    case .longBinPut: memo[try bytes.length(4)] = try top()
    case .memoize: memo[memo.count] = try top()
    case .binGet: try recall(Int(try bytes.byte()))
    case .longBinGet: try recall(try bytes.length(4))
    case .global:
      let module = try bytes.line()
      try pushGlobal(module, try bytes.line())
    case .stackGlobal:
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
        throw bytes.failure("expected the name of a function or class as two strings, found something else")
      }
      try pushGlobal(module, name)
    case .reduce, .newObject: try call()
    case .newObjectEx:
      // Keyword arguments are ignored, since no supported class has any.
      _ = try pop()
      try call()
    case .build: try ignoreAttributes()
    case .persistentID: stack.append(try storage())
    case .stop: break
    }
  }

  private mutating func plainValue(_ opcode: PickleOpcode) throws -> PickleValue {
    switch opcode {
    case .newTrue: return .boolean(true)
    case .newFalse: return .boolean(false)
    case .int, .long: return try bytes.digits()
    case .binInt: return .integer(Int(Int32(truncatingIfNeeded: try bytes.unsigned(4))))
    case .binInt1: return .integer(Int(try bytes.byte()))
    case .binInt2: return .integer(try bytes.length(2))
    case .long1: return try bytes.long(try bytes.length(1))
    case .long4: return try bytes.long(try bytes.length(4))
    case .binFloat: return .real(try bytes.real())
    case .shortBinUnicode, .shortBinString: return try bytes.text(try bytes.length(1))
    case .binUnicode, .binString: return try bytes.text(try bytes.length(4))
    case .binUnicode8: return try bytes.text(try bytes.length(8))
    case .shortBinBytes: return try skipped(1)
    case .binBytes: return try skipped(4)
    case .binBytes8, .byteArray8: return try skipped(8)
    default: return .none
    }
  }

  private mutating func skipped(_ width: Int) throws -> PickleValue {
    _ = try bytes.take(try bytes.length(width))
    return .bytes
  }
}

// MARK: The stack

extension PickleMachine {
  private func top() throws -> PickleValue {
    guard stack.count > (marks.last ?? 0), let top = stack.last else {
      throw bytes.failure("expected a value on the stack, found none; the file is damaged")
    }
    return top
  }

  private mutating func pop() throws -> PickleValue {
    _ = try top()
    return stack.removeLast()
  }

  private mutating func pop(_ count: Int) throws -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else {
      throw bytes.failure("expected \(count) values on the stack, found fewer; the file is damaged")
    }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else {
      throw bytes.failure("expected a mark on the stack, found none; the file is damaged")
    }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func replaceTop(_ count: Int) throws {
    stack.append(heap.add(.tuple, try pop(count)))
  }

  private func pairs(_ items: [PickleValue]) throws -> [PickleValue] {
    guard items.count % 2 == 0 else { throw bytes.failure("expected keys with values, found a key without one") }
    return items
  }

  private mutating func extend(_ kind: PickleContainer.Kind, with items: [PickleValue]) throws {
    if case .placeholder = try top() { return }
    guard case .container(let index) = try top(), heap.containers[index].kind == kind else {
      throw bytes.failure("expected a \(kind) to add to, found \(try top().description)")
    }
    heap.containers[index].items += items
  }

  private mutating func recall(_ index: Int) throws {
    guard let value = memo[index] else {
      throw bytes.failure("expected a noted value \(index), found none; the file is damaged")
    }
    stack.append(value)
  }
}

// MARK: Objects

extension PickleMachine {
  private mutating func pushGlobal(_ module: String, _ name: String) throws {
    // Placeholders keep their names in memory, so lengths are limited.
    guard module.utf8.count + name.utf8.count <= 256 else {
      throw bytes.failure("expected the name of a function or class, found one of more than 256 bytes")
    }
    if PyTorchPlaceholder.includes(module: module, name: name) {
      return stack.append(.placeholder(module + "." + name))
    }
    guard let global = PyTorchGlobal(rawValue: module + "." + name) else {
      throw bytes.failure(
        "expected only tensors in dictionaries and lists, as nothing is ever called, found "
          + "\(JSONValue(module + "." + name).excerpt); save the weights alone, in Python: "
          + "torch.save(model.state_dict(), \"weights.pth\")"
      )
    }
    stack.append(.global(global))
  }

  private mutating func call() throws {
    let arguments = try pop()
    let function = try pop()
    guard let arguments = heap.tuple(arguments) else {
      throw bytes.failure("expected a tuple of arguments, found another value")
    }
    // The object of a placeholder class is the placeholder; the arguments are ignored.
    if case .placeholder = function { return stack.append(function) }
    guard case .global(let global) = function else {
      throw bytes.failure("expected a function, found \(function.description)")
    }
    do {
      stack.append(try global.value(of: arguments, in: &heap))
    } catch let fault as PyTorchGlobal.Fault {
      throw bytes.failure("`\(global.rawValue)`: \(fault.message)")
    }
  }

  /// Discards the attributes of a dictionary or parameter, such as the version of a state dictionary.
  private mutating func ignoreAttributes() throws {
    _ = try pop()
    switch try top() {
    case .container, .tensor, .placeholder: break
    case let other: throw bytes.failure("expected an object to set attributes of, found \(other.description)")
    }
  }

  /// Resolves the persistent ID of a storage: ("storage", type, record, device, count) and, in legacy files, a sixth
  /// element, None or a view of the storage, (name, offset, count).
  private mutating func storage() throws -> PickleValue {
    let value = try pop()
    guard let parts = heap.tuple(value), parts.count >= 5, case .text("storage") = parts[0],
      case .global(let global) = parts[1], let type = global.elementType, case .text(let record) = parts[2],
      case .integer(let count) = parts[4], count >= 0
    else { throw bytes.failure("expected a storage of numbers by reference, found something else") }
    var range = 0..<count
    if parts.count > 5, let view = heap.tuple(parts[5]) {
      guard view.count == 3, case .integer(let start) = view[1], case .integer(let size) = view[2], start >= 0,
        size >= 0, start <= count, size <= count - start
      else {
        throw bytes.failure("expected a part of a storage of \(count) numbers, found another; the file is damaged")
      }
      range = start..<start + size
    }
    if heap.records[ByteString(record)] == nil { heap.records[ByteString(record)] = (count, type.size) }
    heap.storages.append(PyTorchStorage(type: type, record: record, range: range))
    return .storage(heap.storages.count - 1)
  }
}

/// The supported instructions of pickle protocols 1 to 5, with their names from Python's `pickletools`.
///
/// The instructions of protocol 0, which `torch.save` cannot write, of extension registries and of out-of-band buffers
/// are not supported.
enum PickleOpcode: UInt8 {
  // The frame.
  case proto = 0x80
  case frame = 0x95
  case stop = 0x2E  // .

  // Plain values.
  case none = 0x4E  // N
  case newTrue = 0x88
  case newFalse = 0x89
  case int = 0x49  // I
  case long = 0x4C  // L
  case binInt = 0x4A  // J
  case binInt1 = 0x4B  // K
  case binInt2 = 0x4D  // M
  case long1 = 0x8A
  case long4 = 0x8B
  case binFloat = 0x47  // G
  case shortBinUnicode = 0x8C
  case binUnicode = 0x58  // X
  case binUnicode8 = 0x8D
  case shortBinString = 0x55  // U
  case binString = 0x54  // T
  case shortBinBytes = 0x43  // C
  case binBytes = 0x42  // B
  case binBytes8 = 0x8E
  case byteArray8 = 0x96

  // Containers.
  case mark = 0x28  // (
  case emptyTuple = 0x29  // )
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case tuple = 0x74  // t
  case emptyList = 0x5D  // ]
  case list = 0x6C  // l
  case append = 0x61  // a
  case appends = 0x65  // e
  case emptyDict = 0x7D  // }
  case dict = 0x64  // d
  case setItem = 0x73  // s
  case setItems = 0x75  // u
  case emptySet = 0x8F
  case addItems = 0x90
  case frozenSet = 0x91

  // The stack and the memo.
  case pop = 0x30  // 0
  case popMark = 0x31  // 1
  case dup = 0x32  // 2
  case binPut = 0x71  // q
  case longBinPut = 0x72  // r
  case memoize = 0x94
  case binGet = 0x68  // h
  case longBinGet = 0x6A  // j

  // Objects.
  case global = 0x63  // c
  case stackGlobal = 0x93
  case reduce = 0x52  // R
  case newObject = 0x81
  case newObjectEx = 0x92
  case build = 0x62  // b
  case persistentID = 0x51  // Q
}
