import Support

/// A value of a pickle: a plain value, a container of values, one of the few things that tensors need, or a placeholder.
///
/// Containers, storages and tensors are indices into a `PickleHeap`: pickles may contain themselves, and a chain of a
/// million lists in lists must not overflow the stack when it is let go.
enum PickleValue {
  case none
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  /// Bytes that are no text; nothing here needs them.
  case bytes
  case container(Int)
  /// A function or class by its name: one of the few that are known.
  case global(PyTorchGlobal)
  /// A class, or an object of it, that carries no tensors, by the class's name. Nothing is ever made of it.
  case placeholder(String)
  case storage(Int)
  case tensor(Int)

  /// The noun that messages use.
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
  /// The elements; of a dictionary, keys and values in turn.
  var items: [PickleValue]
}

/// The store of a pickle's containers, storages and tensors.
struct PickleHeap {
  /// The most keys and values that dictionaries may get from lists of pairs, which are copied: an instruction or two
  /// could copy a million.
  static let copyLimit = 1_000_000

  var containers: [PickleContainer] = []
  var storages: [PyTorchStorage] = []
  /// The number of elements of each storage's record, and the bytes of one, as the first who names it says.
  var records: [ByteString: (count: Int, size: Int)] = [:]
  var tensors: [PyTorchTensor] = []
  private var copied = 0

  mutating func add(_ kind: PickleContainer.Kind, _ items: [PickleValue] = []) -> PickleValue {
    containers.append(PickleContainer(kind: kind, items: items))
    return .container(containers.count - 1)
  }

  /// A dictionary of the pairs in a list, nil if the value is no such list or there are too many.
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

  /// The elements of a tuple, nil if it is none.
  func tuple(_ value: PickleValue) -> [PickleValue]? {
    guard case .container(let index) = value, containers[index].kind == .tuple else { return nil }
    return containers[index].items
  }

  /// The whole numbers of a tuple as long as a shape can be, nil if it is none or holds anything else.
  func integers(_ value: PickleValue) -> [Int]? {
    guard let items = tuple(value), items.count <= PyTorchTensor.rankLimit else { return nil }
    let numbers = items.compactMap { item in if case .integer(let number) = item { number } else { nil } }
    return numbers.count == items.count ? numbers : nil
  }
}
