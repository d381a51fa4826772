import Synchronization

/// The rule that carries the cotangent of an operation's output back to one of its inputs.
///
/// Written in public operations, so that it can itself be recorded and differentiated. It returns the input's cotangent
/// in the output's broadcast shape or in the input's own: the walker undoes broadcasting.
typealias Pullback = @Sendable (_ cotangent: Tensor, _ output: Tensor) -> Tensor

/// One recorded operation, or a leaf: a value that gradients are asked for.
final class TapeNode: @unchecked Sendable {
  /// Grows with every node: an operation's number is larger than those of its inputs.
  let number: Int
  let shape: Shape
  private(set) var inputs: [(node: TapeNode, pullback: Pullback)]
  /// The output's values, for rules that use them. Not the tensor, which owns this node.
  private var output: Storage?
  /// The function that computes the output's values again from what the rules keep anyway; nil if that would be costly.
  private(set) var rematerialize: (@Sendable () -> Storage)?
  /// True once the rules have been let go; nothing can flow through this node any more.
  private(set) var isReleased = false

  private static let count = Atomic<Int>(0)

  init(
    shape: Shape, inputs: [(node: TapeNode, pullback: Pullback)] = [], output: Storage? = nil,
    rematerialize: (@Sendable () -> Storage)? = nil
  ) {
    number = Self.count.wrappingAdd(1, ordering: .relaxed).oldValue
    self.shape = shape
    self.inputs = inputs
    self.output = output
    self.rematerialize = rematerialize
  }

  /// The output as it was, on the tape again; empty for rules that said they do not use it.
  var outputTensor: Tensor {
    guard let output else { return Tensor(shape: [0], storage: Storage(count: 0)) }
    return Tensor(shape: shape, storage: output, node: self)
  }

  /// Lets go of everything the rules kept.
  func release() {
    isReleased = true
    output = nil
    rematerialize = nil
    if !inputs.isEmpty { Graveyard.bury(&inputs) }
  }

  deinit { release() }
}

/// Releases the nodes of a long tape one after the other. Left to itself, the last reference to the newest node would
/// free its inputs recursively, and a chain of 30 000 operations would overflow the stack.
private enum Graveyard {
  private static let lock = Mutex(())
  // Both are touched under the lock only.
  nonisolated(unsafe) private static var waiting: [[(node: TapeNode, pullback: Pullback)]] = []
  nonisolated(unsafe) private static var isDigging = false

  static func bury(_ inputs: inout [(node: TapeNode, pullback: Pullback)]) {
    let isDigger = lock.withLock { _ in
      waiting.append([])
      swap(&waiting[waiting.count - 1], &inputs)
      defer { isDigging = true }
      return !isDigging
    }
    guard isDigger else { return }
    while digOne() {}
  }

  /// Frees one node's inputs; their own inputs then wait here. False if none was waiting.
  private static func digOne() -> Bool {
    var remains: [(node: TapeNode, pullback: Pullback)]?
    lock.withLock { _ in
      remains = waiting.popLast()
      if remains == nil { isDigging = false }
    }
    return remains != nil
  }
}
