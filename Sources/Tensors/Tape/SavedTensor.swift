/// What a rule keeps of a tensor that is cheaper to make again than to keep.
///
/// The output of a gate is half as large as its input, and the gate's own rule keeps the input: whoever needs the output
/// on the way back computes it once more. That costs a pass over memory and saves a third of what a gated network holds.
struct SavedTensor: Sendable {
  private let kept: Tensor?
  private let node: TapeNode?

  init(_ tensor: Tensor) {
    let canBeRemade = tensor.node?.remake != nil
    kept = canBeRemade ? nil : tensor
    node = canBeRemade ? tensor.node : nil
  }

  /// Whether the values are kept, rather than made again each time.
  var isKept: Bool { kept != nil }

  /// The tensor as it was, on the tape as it was.
  var value: Tensor {
    if let kept { return kept }
    guard let node, let remake = node.remake else {
      preconditionFailure("SavedTensor: the tape of a tensor was released before the rules that use it")
    }
    return Tensor(shape: node.shape, storage: remake(), node: node)
  }
}
