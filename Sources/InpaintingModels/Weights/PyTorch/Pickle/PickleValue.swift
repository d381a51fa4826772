import Support

/// A value of a pickle: a plain value, a container, a part of a tensor, or a placeholder.
///
/// Containers, storages and tensors are indices into a `PickleHeap`, because containers may contain themselves, and
/// because releasing a million nested lists must not overflow the call stack.
enum PickleValue {
  case none
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  /// Bytes that are no text, whose contents are discarded.
  case bytes
  case container(Int)
  /// A supported function or class.
  case global(PyTorchGlobal)
  /// A known class without tensors, or an object of it, by the class's name.
  case placeholder(String)
  case storage(Int)
  case tensor(Int)

  /// The noun in error messages.
  var description: String {
    switch self {
    case .none: "None"
    case .boolean: "a truth value"
    case .integer: "a whole number"
    case .real: "a number"
    case .text: "a string"
    case .bytes: "bytes"
    case .container: "a list, tuple or dictionary"
    case .global(let global): "`\(global.rawValue)`"
    case .placeholder(let name): PyTorchPlaceholder.noun(name)
    case .storage: "a storage"
    case .tensor: "a tensor"
    }
  }
}

/// A list, a tuple or a dictionary.
struct PickleContainer {
  enum Kind {
    case list, tuple, dictionary
  }

  let kind: Kind
  /// The elements; for a dictionary, alternating keys and values.
  var items: [PickleValue]
}

/// The memory of a pickle's containers, storages and tensors.
struct PickleHeap {
  /// The maximum total number of keys and values that are copied from lists of pairs to dictionaries, because one
  /// instruction could copy a million.
  static let copyLimit = 1_000_000

  var containers: [PickleContainer] = []
  var storages: [PyTorchStorage] = []
  /// The number of elements of each storage's record and their size in bytes, from the first reference to the record.
  var records: [ByteString: (count: Int, size: Int)] = [:]
  var tensors: [PyTorchTensor] = []
  private var copied = 0

  mutating func add(_ kind: PickleContainer.Kind, _ items: [PickleValue] = []) -> PickleValue {
    containers.append(PickleContainer(kind: kind, items: items))
    return .container(containers.count - 1)
  }

  /// A dictionary of the pairs in a list; nil if the value is no list of pairs, or the limit is exceeded.
  mutating func addDictionary(ofPairs value: PickleValue) -> PickleValue? {
    guard case .container(let index) = value, containers[index].kind != .dictionary else { return nil }
    var items: [PickleValue] = []
    for pair in containers[index].items {
      guard case .container(let index) = pair, containers[index].kind != .dictionary,
        containers[index].items.count == 2, copied < Self.copyLimit
      else { return nil }
      items += containers[index].items
      copied += 2
    }
    return add(.dictionary, items)
  }

  /// The elements of a tuple; nil for other values.
  func tuple(_ value: PickleValue) -> [PickleValue]? {
    guard case .container(let index) = value, containers[index].kind == .tuple else { return nil }
    return containers[index].items
  }

  /// The elements of a tuple of integers, such as a shape; nil for other values, and for tuples longer than the maximum
  /// rank.
  func integers(_ value: PickleValue) -> [Int]? {
    guard let items = tuple(value), items.count <= PyTorchTensor.rankLimit else { return nil }
    let numbers = items.compactMap { item in if case .integer(let number) = item { number } else { nil } }
    return numbers.count == items.count ? numbers : nil
  }
}
