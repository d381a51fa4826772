/// The functions and classes that a file of weights may name. None is ever called: what they would make is made here.
enum PyTorchGlobal: String {
  case orderedDictionary = "collections.OrderedDict"
  case size = "torch.Size"
  case rebuildTensor = "torch._utils._rebuild_tensor"
  case rebuildTensorV2 = "torch._utils._rebuild_tensor_v2"
  case rebuildParameter = "torch._utils._rebuild_parameter"
  case rebuildParameterWithState = "torch._utils._rebuild_parameter_with_state"
  case doubleStorage = "torch.DoubleStorage"
  case floatStorage = "torch.FloatStorage"
  case halfStorage = "torch.HalfStorage"
  case brainFloatStorage = "torch.BFloat16Storage"
  case longStorage = "torch.LongStorage"
  case intStorage = "torch.IntStorage"
  case shortStorage = "torch.ShortStorage"
  case charStorage = "torch.CharStorage"
  case byteStorage = "torch.ByteStorage"
  case boolStorage = "torch.BoolStorage"

  /// What is wrong with arguments, without where.
  struct Fault: Error {
    let message: String
  }

  /// The elements of a storage class.
  var elementType: SafeTensorsType? {
    switch self {
    case .doubleStorage: .float64
    case .floatStorage: .float32
    case .halfStorage: .float16
    case .brainFloatStorage: .brainFloat16
    case .longStorage: .signed64
    case .intStorage: .signed32
    case .shortStorage: .signed16
    case .charStorage: .signed8
    case .byteStorage: .unsigned8
    case .boolStorage: .boolean
    default: nil
    }
  }

  /// What Python would get by calling it.
  ///
  /// - Throws: `Fault`.
  func value(of arguments: [PickleValue], in heap: inout PickleHeap) throws -> PickleValue {
    switch self {
    case .orderedDictionary:
      guard arguments.isEmpty else { throw Fault(message: "expected no arguments") }
      return heap.add(.dictionary)
    case .size:
      guard let sizes = arguments.first, heap.integers(sizes) != nil else { throw Fault(message: "expected sizes") }
      return sizes
    case .rebuildTensor, .rebuildTensorV2:
      heap.tensors.append(try Self.tensor(arguments, heap))
      return .tensor(heap.tensors.count - 1)
    case .rebuildParameter, .rebuildParameterWithState:
      guard let tensor = arguments.first, case .tensor = tensor else { throw Fault(message: "expected a tensor") }
      return tensor
    default: throw Fault(message: "a storage is not made by a call")
    }
  }

  /// The arguments are the storage, the first element's place in it, the sizes and the strides.
  private static func tensor(_ arguments: [PickleValue], _ heap: PickleHeap) throws -> PyTorchTensor {
    guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
      let shape = heap.integers(arguments[2]), let strides = heap.integers(arguments[3])
    else { throw Fault(message: "expected a storage, an offset, sizes and strides") }
    let tensor = PyTorchTensor(storage: heap.storages[storage], offset: offset, shape: shape, strides: strides)
    if let fault = tensor.fault { throw Fault(message: fault) }
    return tensor
  }
}
