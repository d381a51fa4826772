import Synchronization

/// A vector-Jacobian product (VJP): maps the cotangent of an operation's output to the gradient of one of its inputs.
///
/// It is written in public operations, so that it can itself be recorded and differentiated. It returns the gradient in
/// the output's broadcast shape or in the input's own: the backward pass undoes broadcasting.
typealias Pullback = @Sendable (_ cotangent: Tensor, _ output: Tensor) -> Tensor

/// One input of a recorded operation.
struct TapeInput: Sendable {
  let node: TapeNode
  let pullback: Pullback
  /// Adds the pullback's gradient to a sum in place: for an operation that reads a small part of its input, whose
  /// gradient is 0 elsewhere. nil for all others.
  var partialSum: PartialSum?

  typealias PartialSum = @Sendable (_ cotangent: Tensor, _ sum: inout Tensor) -> Void
}

/// A recorded operation, or a leaf: a value whose gradient is requested.
final class TapeNode: @unchecked Sendable {
  /// A number that increases with every node: an operation's is larger than those of its inputs.
  let number: Int
  let shape: Shape
  private(set) var inputs: [TapeInput]
  /// The output's values, for pullbacks that use them. Not the tensor, which references this node.
  private var output: Storage?
  /// Recomputes the output's values from those that the pullbacks save anyway; nil if that would be expensive.
  private(set) var rematerialize: (@Sendable () -> Storage)?
  /// True after the pullbacks have been released; no gradient can flow through this node then.
  private(set) var isReleased = false

  private static let count = Atomic<Int>(0)

  init(
    shape: Shape, inputs: [TapeInput] = [], output: Storage? = nil,
    rematerialize: (@Sendable () -> Storage)? = nil
  ) {
    number = Self.count.wrappingAdd(1, ordering: .relaxed).oldValue
    self.shape = shape
    self.inputs = inputs
    self.output = output
    self.rematerialize = rematerialize
  }

  /// The output with its node; empty unless a pullback uses it.
  var outputTensor: Tensor {
    guard let output else { return Tensor(shape: [0], storage: Storage(count: 0)) }
    return Tensor(shape: shape, storage: output, node: self)
  }

  /// Releases everything that the pullbacks saved.
  func release() {
    isReleased = true
    output = nil
    rematerialize = nil
    if !inputs.isEmpty { ReleaseQueue.bury(&inputs) }
  }

  deinit { release() }
}

/// Releases the nodes of a long tape one after the other. Otherwise, releasing the newest node would release its inputs
/// recursively, and a chain of 30 000 operations would overflow the stack.
private enum ReleaseQueue {
  private static let lock = Mutex(())
  // Both are accessed under the lock only.
  nonisolated(unsafe) private static var waiting: [[TapeInput]] = []
  nonisolated(unsafe) private static var isReleasing = false

  static func bury(_ inputs: inout [TapeInput]) {
    let isReleaser = lock.withLock { _ in
      waiting.append([])
      swap(&waiting[waiting.count - 1], &inputs)
      defer { isReleasing = true }
      return !isReleasing
    }
    guard isReleaser else { return }
    while releaseOne() {}
  }

  /// Releases one node's inputs, whose own inputs are then queued. Returns false if the queue was empty.
  private static func releaseOne() -> Bool {
    var remains: [TapeInput]?
    lock.withLock { _ in
      remains = waiting.popLast()
      if remains == nil { isReleasing = false }
    }
    return remains != nil
  }
}
