/// A storage: a one-dimensional array of which tensors are views.
struct PyTorchStorage {
  let type: SafeTensorsType
  /// The name of the record with the storage's elements.
  let record: String
  /// The range of the record's elements that belong to the storage: all of them, except for the storage views of legacy
  /// files.
  let range: Range<Int>

  var count: Int { range.count }

  /// The storage reinterpreted as another element type; nil if the bytes are no whole number of elements.
  func cast(to other: SafeTensorsType) -> PyTorchStorage? {
    func elements(_ count: Int) -> Int? {
      let (bytes, overflow) = count.multipliedReportingOverflow(by: type.size)
      return overflow || bytes % other.size != 0 ? nil : bytes / other.size
    }
    guard let start = elements(range.lowerBound), let end = elements(range.upperBound) else { return nil }
    return PyTorchStorage(type: other, record: record, range: start..<end)
  }
}

/// A tensor of a file: a strided view of a storage.
struct PyTorchTensor {
  let storage: PyTorchStorage
  /// The index of the first element in the storage (`storage_offset`).
  let offset: Int
  /// The shape.
  let shape: [Int]
  /// The stride of each axis, in elements.
  let strides: [Int]

  /// The maximum rank; networks need up to five.
  static let rankLimit = 16
  /// The maximum number of elements of an expanded tensor, which has more elements than its storage.
  static let expansionLimit = 1 << 20

  /// A description of an invalid shape, stride or offset; nil if every element lies in the storage. All other
  /// properties require that it is nil.
  var fault: String? {
    guard shape.count == strides.count, shape.count <= Self.rankLimit else {
      return "expected as many strides as sizes, at most \(Self.rankLimit), found \(strides.count) and \(shape.count)"
    }
    guard offset >= 0, (shape + strides).allSatisfy({ $0 >= 0 }) else {
      return "the sizes \(shape), strides \(strides) and the offset \(offset) must not be negative"
    }
    var count = 1
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let product = count.multipliedReportingOverflow(by: size)
      let reach = max(0, size - 1).multipliedReportingOverflow(by: stride)
      let sum = last.addingReportingOverflow(reach.partialValue)
      guard !product.overflow, !reach.overflow, !sum.overflow else {
        return "the sizes \(shape) and strides \(strides) are more than memory can hold"
      }
      (count, last) = (product.partialValue, sum.partialValue)
    }
    guard count == 0 || last < storage.count else {
      return "\(shape) with strides \(strides) from \(offset) on reaches beyond a storage of \(storage.count)"
    }
    guard count <= max(storage.count, Self.expansionLimit) else {
      return "\(shape) has \(count) elements, and its storage only \(storage.count)"
    }
    return nil
  }

  var count: Int { shape.reduce(1, *) }

  /// The range of storage indices from the first element to the last.
  var span: Range<Int> {
    guard count > 0 else { return 0..<0 }
    return offset..<zip(shape, strides).reduce(offset) { $0 + ($1.0 - 1) * $1.1 } + 1
  }

  /// True if the elements are contiguous in row-major order. Strides of axes of size 1 are ignored.
  var isContiguous: Bool {
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      guard stride == expected else { return false }
      expected *= size
    }
    return true
  }

  /// Calls `body` with the index of each element relative to the start of `span`, in row-major order.
  func forEachIndex(_ body: (Int) -> Void) {
    guard count > 0 else { return }
    var place = 0
    var index = [Int](repeating: 0, count: shape.count)
    for _ in 0..<count {
      body(place)
      for axis in shape.indices.reversed() {
        index[axis] += 1
        // Wrapping arithmetic, because the stride of an axis of size 1 can be any number, and is subtracted at once.
        place &+= strides[axis]
        guard index[axis] == shape[axis] else { break }
        place &-= shape[axis] &* strides[axis]
        index[axis] = 0
      }
    }
  }
}
