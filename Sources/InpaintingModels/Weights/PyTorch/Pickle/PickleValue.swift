/// What a pickle may be made of here: plain values, containers of values, and the few things that tensors need.
///
/// Containers, storages and tensors are numbers of places in a `PickleHeap`: pickles may contain themselves, and a chain
/// of a million lists in lists must not overflow the stack when it is let go.
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
  case storage(Int)
  case tensor(Int)

  /// What messages call it.
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

/// Where a pickle's containers, storages and tensors live.
struct PickleHeap {
  var containers: [PickleContainer] = []
  var storages: [PyTorchStorage] = []
  var tensors: [PyTorchTensor] = []

  mutating func add(_ kind: PickleContainer.Kind, _ items: [PickleValue] = []) -> PickleValue {
    containers.append(PickleContainer(kind: kind, items: items))
    return .container(containers.count - 1)
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
