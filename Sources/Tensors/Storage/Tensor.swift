package import Kernels
package import Support

/// The number every tensor is made of: `Float`, or `Double` with the package trait `DoublePrecision`.
package typealias Scalar = Kernels.Scalar

/// An n-dimensional array of `Scalar`, row-major and contiguous, that gradients can flow through.
///
/// A value: copies share memory and never change under each other. Pictures and features are [batch, height, width,
/// channels]; filters are [kernel height, kernel width, input channels, output channels].
package struct Tensor: Sendable {
  package let shape: Shape
  private(set) var storage: Storage
  /// The tape's record of how this was computed; nil if no gradient can flow through it.
  let node: TapeNode?

  init(shape: Shape, storage: Storage, node: TapeNode? = nil) {
    self.shape = shape
    self.storage = storage
    self.node = node
  }

  /// A tensor whose elements `body` writes, every one of them.
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

  /// A tensor without axes.
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
  /// - Precondition: There is exactly one.
  package var scalar: Scalar {
    precondition(count == 1, "Tensor.scalar: a tensor of shape \(shape) has \(count) elements")
    return storage.pointer[0]
  }

  /// Reads the elements in place.
  package func withElements<Result>(_ body: (UnsafeBufferPointer<Scalar>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(start: storage.pointer, count: storage.count))
    }
  }

  /// Changes the elements in place if no other tensor shares them, in a copy otherwise.
  ///
  /// - Precondition: No gradient flows through this tensor: the tape would not know of the change.
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

  /// The same values, through which no gradient flows.
  package func detached() -> Tensor { Tensor(shape: shape, storage: storage) }

  /// The memory that kernels read while the tensor lives: who holds it for the call alone must extend its lifetime.
  var source: Source { Source(storage.pointer) }
}

extension Tensor: CustomStringConvertible {
  package var description: String {
    let shown = withElements { $0.prefix(8).map { "\($0)" }.joined(separator: ", ") }
    return "Tensor\(shape)(\(shown)\(count > 8 ? ", …" : ""))"
  }
}

/// The sizes of a tensor's axes, outermost first. Pictures are [batch, height, width, channels].
package typealias Shape = [Int]

extension Array where Element == Int {
  /// The number of elements of an array of this shape; 1 for a scalar's empty shape.
  package var elementCount: Int { reduce(1, *) }

  /// The shape of an element-wise operation on two arrays, or nil if they do not fit: axes are matched from the last
  /// one, and an axis of size 1, or none, is repeated.
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

  /// Axis numbers with negative ones counted from the end.
  func resolved(_ axis: Int, _ operation: StaticString) -> Int {
    let position = axis < 0 ? axis + count : axis
    precondition(indices.contains(position), "\(operation): shape \(self) has no axis \(axis)")
    return position
  }
}

/// Buffers of tensors and their accounts.
package typealias MemoryPool = Kernels.MemoryPool

/// The memory of a tensor: contiguous, owned by the tensors that share it, returned to the pool by the last one.
///
/// Nobody writes to it once a tensor made of it has been handed out, except its only owner.
final class Storage: @unchecked Sendable {
  let pointer: Destination
  let count: Int

  /// Memory that is not initialized.
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

  /// Normal with mean 0, drawn in row-major order.
  package static func normal(_ shape: Shape, deviation: Double, from stream: inout RandomStream) -> Tensor {
    drawn(shape) { deviation * stream.normal() }
  }

  /// Normal with mean 0, where samples beyond two standard deviations are drawn again.
  ///
  /// - Parameter deviation: The standard deviation of the whole distribution, before its ends are cut.
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
