import Support

/// The tensors and plain values of a pickle under flat names: keys of dictionaries and indices of lists, joined with dots.
struct PyTorchContents {
  /// The greatest depth to which containers may be nested.
  static let depthLimit = 32
  /// The most values, each counted as often as it is reached.
  static let valueLimit = 200_000
  /// The longest name, in bytes.
  static let nameLimit = 1024

  private(set) var tensors: [(name: String, tensor: PyTorchTensor)] = []
  private(set) var values: [(name: String, value: JSONValue)] = []
  /// The things that are neither: their names, and nouns for what they are.
  private(set) var skipped: [(name: String, noun: String)] = []

  private let heap: PickleHeap
  private let source: String
  private var names: Set<ByteString> = []
  private var visits = 0

  /// - Throws: `Failure` of the kind `data` for what is too deep or too much, and for two things of the same name.
  init(_ root: PickleValue, in heap: PickleHeap, source: String) throws {
    self.heap = heap
    self.source = source
    try visit(root, name: "", depth: 0)
  }

  private mutating func visit(_ value: PickleValue, name: String, depth: Int) throws {
    visits += 1
    guard visits <= Self.valueLimit else { throw failure("it holds more than \(Self.valueLimit) values") }
    switch value {
    case .container(let index):
      guard depth < Self.depthLimit else {
        throw failure("\(excerpt(name)) lies more than \(Self.depthLimit) dictionaries and lists deep")
      }
      try visitItems(of: heap.containers[index], name: name, depth: depth)
    case .tensor(let index):
      try claim(name)
      tensors.append((name, heap.tensors[index]))
    case .none: try add(name, nil)
    case .boolean(let boolean): try add(name, JSONValue(boolean))
    case .integer(let integer): try add(name, JSONValue(integer))
    case .real(let real): try add(name, JSONValue(real))
    case .text(let text): try add(name, JSONValue(text))
    case .bytes, .storage, .global, .placeholder: skipped.append((name, value.description))
    }
  }

  private mutating func visitItems(of container: PickleContainer, name: String, depth: Int) throws {
    guard container.kind == .dictionary else {
      for (index, item) in container.items.enumerated() {
        try visit(item, name: try join(name, String(index)), depth: depth + 1)
      }
      return
    }
    for index in stride(from: 0, to: container.items.count, by: 2) {
      guard let key = Self.name(of: container.items[index]) else {
        skipped.append((name, "a value whose key is \(container.items[index].description)"))
        continue
      }
      try visit(container.items[index + 1], name: try join(name, key), depth: depth + 1)
    }
  }

  /// A key as a part of a name; nil for one that no name can say.
  private static func name(of key: PickleValue) -> String? {
    switch key {
    case .text(let text): text
    case .integer(let integer): String(integer)
    case .boolean(let boolean): boolean ? "True" : "False"
    case .real(let real): String(real)
    case .none: "None"
    default: nil
    }
  }

  private func join(_ name: String, _ key: String) throws -> String {
    guard name.utf8.count + key.utf8.count < Self.nameLimit else {
      throw failure("a name is longer than \(Self.nameLimit) bytes; it begins with \(excerpt(name + key))")
    }
    return name.isEmpty ? key : name + "." + key
  }

  private mutating func add(_ name: String, _ value: JSONValue) throws {
    try claim(name)
    values.append((name, value))
  }

  private mutating func claim(_ name: String) throws {
    guard names.insert(ByteString(name)).inserted else { throw failure("there are two values called \(excerpt(name))") }
  }

  private func excerpt(_ name: String) -> String { JSONValue(name).excerpt }

  private func failure(_ message: String) -> Failure { Failure(.data, "\(source): \(message).") }
}
