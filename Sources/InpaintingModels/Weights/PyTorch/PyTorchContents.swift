import Support

/// The tensors and plain values of a pickled object, with flattened names: dictionary keys and list indices, joined
/// with dots.
struct PyTorchContents {
  /// The maximum nesting depth of containers.
  static let depthLimit = 32
  /// The maximum number of values; a shared value counts once per reference.
  static let valueLimit = 200_000
  /// The maximum length of a name in bytes.
  static let nameLimit = 1024

  private(set) var tensors: [(name: String, tensor: PyTorchTensor)] = []
  private(set) var values: [(name: String, value: JSONValue)] = []
  /// The objects that are neither tensors nor plain values: their names, and nouns that describe them.
  private(set) var skipped: [(name: String, noun: String)] = []

  private let heap: PickleHeap
  private let source: String
  private var names: Set<ByteString> = []
  private var visits = 0

  /// - Throws: `Failure` of the kind `data` if a limit is exceeded, or two values have the same name.
  init(_ root: PickleValue, in heap: PickleHeap, source: String) throws {
    self.heap = heap
    self.source = source
    try visit(root, name: "", depth: 0)
  }

  private mutating func visit(_ value: PickleValue, name: String, depth: Int) throws {
    visits += 1
    guard visits <= Self.valueLimit else { throw failure("expected at most \(Self.valueLimit) values, found more") }
    switch value {
    case .container(let index):
      guard depth < Self.depthLimit else {
        throw failure(
          "expected \(excerpt(name)) at most \(Self.depthLimit) dictionaries and lists deep, found it deeper")
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

  /// The text of a dictionary key; nil for keys without one, such as tuples.
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
      throw failure(
        "expected names of at most \(Self.nameLimit) bytes, found a longer one that begins with \(excerpt(name + key))")
    }
    return name.isEmpty ? key : name + "." + key
  }

  private mutating func add(_ name: String, _ value: JSONValue) throws {
    try claim(name)
    values.append((name, value))
  }

  private mutating func claim(_ name: String) throws {
    guard names.insert(ByteString(name)).inserted else {
      throw failure("expected each name once, found \(excerpt(name)) twice")
    }
  }

  private func excerpt(_ name: String) -> String { JSONValue(name).excerpt }

  private func failure(_ message: String) -> Failure { Failure(.data, "\(source): \(message).") }
}

/// The known classes without tensors whose objects checkpoints often contain: options, dates, paths, NumPy scalars.
///
/// The classes are never imported, called or inspected: an object is replaced by the name of its class.
enum PyTorchPlaceholder {
  /// The modules whose classes all count as known.
  private static let modules: Set<String> = [
    "addict", "argparse", "datetime", "decimal", "easydict", "fractions", "munch", "numpy", "omegaconf", "pathlib",
    "uuid", "yacs", "zoneinfo",
  ]

  /// The qualified names of known classes in other modules.
  private static let classes: Set<String> = Set(
    builtins.flatMap { ["builtins." + $0, "__builtin__." + $0] } + types.map { "torch." + $0 }
      + [
        "collections.Counter", "collections.deque", "torch.device", "torch.layout", "torch.memory_format",
        "torch.strided", "torch.serialization._get_layout", "types.SimpleNamespace", "typing.Any",
        "torch._utils.torch.channels_last", "torch._utils.torch.contiguous_format",
        "torch._utils.torch.preserve_format",
      ])

  private static let builtins = [
    "Ellipsis", "NotImplemented", "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list",
    "long", "object", "range", "set", "slice", "str", "tuple", "unicode", "xrange",
  ]

  /// The element types (`torch.dtype`).
  private static let types = [
    "bfloat16", "bits16", "bits1x8", "bits2x4", "bits4x2", "bits8", "bool", "complex128", "complex32", "complex64",
    "float16", "float32", "float4_e2m1fn_x2", "float64", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2",
    "float8_e5m2fnuz", "float8_e8m0fnu", "int16", "int32", "int64", "int8", "qint32", "qint8", "quint2x4", "quint4x2",
    "quint8", "uint16", "uint32", "uint64", "uint8",
  ]

  /// True if a class or function of this name makes objects without tensors.
  static func includes(module: String, name: String) -> Bool {
    modules.contains(String(module.prefix { $0 != "." })) || classes.contains(module + "." + name)
  }

  /// The noun for an object of a class, such as `argparse.Namespace`. NumPy's internal functions have readable nouns.
  static func noun(_ name: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, let module = parts.first, let last = parts.last else { return name }
    switch (module, last) {
    case ("numpy", "scalar"): return "a number of NumPy"
    case ("numpy", "_reconstruct"), ("numpy", "_frombuffer"): return "an array of NumPy"
    // Built-in classes have no module in their noun, and private modules are replaced by the public ones.
    case ("builtins", _), ("__builtin__", _): return String(last)
    case ("pathlib", _): return "pathlib.\(last)"
    case (_, "_get_layout"): return "torch.layout"
    case (_, "channels_last"), (_, "contiguous_format"), (_, "preserve_format"): return "torch.memory_format"
    default: return name
    }
  }
}
