/// The functions and classes that a file of weights may refer to. No Python runs: `value(of:in:)` reimplements each of
/// them.
enum PyTorchGlobal: String {
  case orderedDictionary = "collections.OrderedDict"
  case defaultDictionary = "collections.defaultdict"
  /// The encoding of text as bytes, with which Python 3 pickles bytes in protocol 2.
  case encode = "_codecs.encode"
  /// The construction of an object in protocol 1.
  case reconstruct = "copyreg._reconstructor"
  case reconstructV2 = "copy_reg._reconstructor"
  case size = "torch.Size"
  case rebuildTensor = "torch._utils._rebuild_tensor"
  case rebuildTensorV2 = "torch._utils._rebuild_tensor_v2"
  case rebuildTensorV3 = "torch._utils._rebuild_tensor_v3"
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
  case complexFloatStorage = "torch.ComplexFloatStorage"
  case untypedStorage = "torch.storage.UntypedStorage"

  /// An error in the arguments of a call, without the position in the file.
  struct Fault: Error {
    let message: String
  }

  /// The element type of a storage class; nil for other functions and classes.
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
    case .byteStorage, .untypedStorage: .unsigned8
    case .boolStorage: .boolean
    case .complexFloatStorage: .complex64
    default: nil
    }
  }

  /// The value of a call in Python with these arguments.
  ///
  /// - Throws: `Fault`.
  func value(of arguments: [PickleValue], in heap: inout PickleHeap) throws -> PickleValue {
    switch self {
    case .orderedDictionary:
      guard let pairs = arguments.first else { return heap.add(.dictionary) }
      // Python 2 passes the items as an argument.
      guard arguments.count == 1, let dictionary = heap.addDictionary(ofPairs: pairs) else {
        throw Fault(message: "expected a list of keys with values, at most \(PickleHeap.copyLimit / 2) in a file")
      }
      return dictionary
    // The argument is the factory of default values.
    case .defaultDictionary: return heap.add(.dictionary)
    case .encode: return .bytes
    case .reconstruct, .reconstructV2:
      guard let type = arguments.first, case .placeholder = type else {
        throw Fault(message: "expected a class of objects without tensors")
      }
      return type
    case .size:
      guard let sizes = arguments.first, heap.integers(sizes) != nil else { throw Fault(message: "expected sizes") }
      return sizes
    case .rebuildTensor, .rebuildTensorV2, .rebuildTensorV3:
      heap.tensors.append(try tensor(arguments, heap))
      return .tensor(heap.tensors.count - 1)
    case .rebuildParameter, .rebuildParameterWithState:
      guard let tensor = arguments.first, case .tensor = tensor else { throw Fault(message: "expected a tensor") }
      return tensor
    default: throw Fault(message: "expected a function, found a type of storages")
    }
  }

  /// A tensor from the arguments of `_rebuild_tensor`: the storage, the offset of the first element, the sizes and the
  /// strides. In the third version, the last argument is the element type.
  private func tensor(_ arguments: [PickleValue], _ heap: PickleHeap) throws -> PyTorchTensor {
    guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
      let shape = heap.integers(arguments[2]), let strides = heap.integers(arguments[3])
    else { throw Fault(message: "expected a storage, an offset, sizes and strides") }
    var elements = heap.storages[storage]
    if self == .rebuildTensorV3 {
      guard case .placeholder(let name) = arguments.last, let type = SafeTensorsType(pyTorchName: name),
        let cast = elements.cast(to: type)
      else { throw Fault(message: "expected a type of elements that its storage can hold") }
      elements = cast
    }
    let tensor = PyTorchTensor(storage: elements, offset: offset, shape: shape, strides: strides)
    if let fault = tensor.fault { throw Fault(message: fault) }
    return tensor
  }
}

extension SafeTensorsType {
  /// The element type of a `torch.dtype`, such as `torch.float32`; nil for an unsupported one.
  fileprivate init?(pyTorchName name: String) {
    switch name {
    case "torch.float64": self = .float64
    case "torch.float32": self = .float32
    case "torch.float16": self = .float16
    case "torch.bfloat16": self = .brainFloat16
    case "torch.int64": self = .signed64
    case "torch.int32": self = .signed32
    case "torch.int16": self = .signed16
    case "torch.int8": self = .signed8
    case "torch.uint64": self = .unsigned64
    case "torch.uint32": self = .unsigned32
    case "torch.uint16": self = .unsigned16
    case "torch.uint8": self = .unsigned8
    case "torch.bool": self = .boolean
    case "torch.complex64": self = .complex64
    case "torch.float8_e4m3fn": self = .float8E4M3
    case "torch.float8_e5m2": self = .float8E5M2
    default: return nil
    }
  }
}
