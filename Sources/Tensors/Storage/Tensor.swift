package import Kernels
package import Support

/// The element type of all tensors: `Float`, or `Double` with the package trait `DoublePrecision`.
package typealias Scalar = Kernels.Scalar

/// An n-dimensional array of `Scalar`, row-major and contiguous, that can be differentiated.
///
/// Tensors are values: copies share memory until one is changed. Pictures and feature maps are
/// [batch, height, width, channels]; filters are [kernel height, kernel width, input channels, output channels].
package struct Tensor: Sendable {
  package let shape: Shape
  private(set) var storage: Storage
  /// The tape's record of the operation that computed this; nil if no gradient can flow through it.
  let node: TapeNode?

  init(shape: Shape, storage: Storage, node: TapeNode? = nil) {
    self.shape = shape
    self.storage = storage
    self.node = node
  }

  /// Creates a tensor whose elements `body` initializes, every one of them.
  package init(shape: Shape, initializedBy body: (UnsafeMutableBufferPointer<Scalar>) throws -> Void) rethrows {
    precondition(shape.allSatisfy { $0 >= 0 }, "Tensor: shape \(shape) has a negative size")
    let storage = Storage(count: shape.elementCount)
    try body(UnsafeMutableBufferPointer(start: storage.pointer, count: storage.count))
    self.init(shape: shape, storage: storage)
  }

  /// - Precondition: `elements.count` is the shape's element count.
  package init(_ elements: [Scalar], shape: Shape) {
    precondition(
      elements.count == shape.elementCount, "Tensor: \(elements.count) elements do not make a tensor of shape \(shape)")
    self.init(shape: shape) { _ = $0.update(fromContentsOf: elements) }
  }

  /// Creates a tensor of rank 0.
  package init(_ scalar: Scalar) {
    self.init([scalar], shape: [])
  }

  package init(repeating value: Scalar, shape: Shape) {
    self.init(shape: shape) { fill($0.count, value, into: $0.baseAddress!) }
  }

  package static func zeros(_ shape: Shape) -> Tensor { Tensor(repeating: 0, shape: shape) }
  package static func ones(_ shape: Shape) -> Tensor { Tensor(repeating: 1, shape: shape) }

  package var rank: Int { shape.count }
  package var count: Int { storage.count }

  /// The elements in row-major order.
  package var elements: [Scalar] { withElements { Array($0) } }

  /// The only element.
  ///
  /// - Precondition: There is exactly one element.
  package var scalar: Scalar {
    precondition(count == 1, "Tensor.scalar: a tensor of shape \(shape) has \(count) elements")
    return storage.pointer[0]
  }

  /// Calls `body` with the elements in place.
  package func withElements<Result>(_ body: (UnsafeBufferPointer<Scalar>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(start: storage.pointer, count: storage.count))
    }
  }

  /// Changes the elements in place if no other tensor shares them, in a copy otherwise.
  ///
  /// - Precondition: The tensor is not on a tape, which would not notice the change.
  package mutating func withMutableElements<Result>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    precondition(node == nil, "Tensor.withMutableElements: a tensor on the tape cannot be changed")
    if !isKnownUniquelyReferenced(&storage) {
      let copy = Storage(count: storage.count)
      copy.pointer.update(from: storage.pointer, count: storage.count)
      storage = copy
    }
    return try body(UnsafeMutableBufferPointer(start: storage.pointer, count: storage.count))
  }

  /// True if no other tensor shares the memory.
  var isUnshared: Bool { mutating get { isKnownUniquelyReferenced(&storage) } }

  /// The same values, through which no gradient flows.
  package func detached() -> Tensor { Tensor(shape: shape, storage: storage) }

  /// True if both have the same memory, and so the same elements.
  package func isSame(as other: Tensor) -> Bool { storage === other.storage }

  /// A pointer for kernels, valid while the tensor lives: a caller that holds the only reference must extend its
  /// lifetime.
  var source: Source { Source(storage.pointer) }
}

extension Tensor: CustomStringConvertible {
  package var description: String {
    let shown = withElements { $0.prefix(8).map { "\($0)" }.joined(separator: ", ") }
    return "Tensor\(shape)(\(shown)\(count > 8 ? ", …" : ""))"
  }
}

/// The sizes of a tensor's axes, outermost first. Feature maps are [batch, height, width, channels].
package typealias Shape = [Int]

extension Array where Element == Int {
  /// The number of elements of an array of this shape; 1 for rank 0.
  package var elementCount: Int { reduce(1, *) }

  /// The shape of an element-wise operation on two arrays, or nil if their shapes are incompatible: axes are aligned
  /// from the last one, and axes of size 1 and missing ones are repeated.
  func broadcast(with other: Shape) -> Shape? {
    let rank = Swift.max(count, other.count)
    var result = Shape(repeating: 1, count: rank)
    for offset in 1...Swift.max(1, rank) where rank > 0 {
      let left = offset <= count ? self[count - offset] : 1
      let right = offset <= other.count ? other[other.count - offset] : 1
      guard left == right || left == 1 || right == 1 else { return nil }
      result[rank - offset] = left == 1 ? right : left
    }
    return result
  }

  /// The index of an axis; negative ones count from the end.
  func resolved(_ axis: Int, _ operation: StaticString) -> Int {
    let position = axis < 0 ? axis + count : axis
    precondition(indices.contains(position), "\(operation): shape \(self) has no axis \(axis)")
    return position
  }
}

/// The pool of tensors' buffers.
package typealias MemoryPool = Kernels.MemoryPool

/// The memory of a tensor: contiguous, shared by copies of the tensor, and returned to the pool by the last one.
///
/// It is not written after a tensor with it has been handed out, except by its only owner.
final class Storage: @unchecked Sendable {
  let pointer: Destination
  let count: Int

  /// Allocates uninitialized memory.
  init(count: Int) {
    self.count = count
    pointer = MemoryPool.tensors.allocate(count)
  }

  deinit { MemoryPool.tensors.deallocate(pointer, count) }
}

extension Tensor {
  /// Uniform in [lower, upper), drawn in row-major order.
  package static func uniform(_ shape: Shape, in range: Range<Double> = 0..<1, from stream: inout RandomStream)
    -> Tensor
  {
    drawn(shape) { stream.uniform(range) }
  }

  /// Normal with mean 0 and standard deviation `deviation`, drawn in row-major order.
  package static func normal(_ shape: Shape, deviation: Double, from stream: inout RandomStream) -> Tensor {
    drawn(shape) { deviation * stream.normal() }
  }

  /// Normal with mean 0, truncated by redrawing samples beyond two standard deviations.
  ///
  /// - Parameter deviation: The standard deviation before the truncation.
  package static func truncatedNormal(_ shape: Shape, deviation: Double, from stream: inout RandomStream) -> Tensor {
    drawn(shape) {
      while true {
        let sample = stream.normal()
        if Swift.abs(sample) <= 2 { return deviation * sample }
      }
    }
  }

  private static func drawn(_ shape: Shape, _ next: () -> Double) -> Tensor {
    Tensor(shape: shape) { elements in
      for index in elements.indices { elements[index] = Scalar(next()) }
    }
  }
}
