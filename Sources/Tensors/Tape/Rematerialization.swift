// Rematerialization, which trades time for memory (Chen et al., 2016, "Training Deep Nets with Sublinear Memory Cost").
// `checkpoint` recomputes a function in the backward pass; `customVJP` gives a function its own pullback. Buffers never
// advance in a recomputation: it sees them as the first run did.

/// Gradient checkpointing: the value of a function of which only the inputs are saved. The backward pass recomputes the
/// function and records it then. This costs the function's time and saves the memory of its intermediate tensors.
///
/// - Parameters:
///   - parameters: All other sources of the function's gradient.
///   - function: Must return the same at every call, and depend on no other differentiable values.
package func checkpoint(
  _ inputs: [Tensor], at parameters: [Parameter], _ function: @escaping ([Tensor]) -> Tensor
) -> Tensor {
  guard Tape.isRecording else { return function(inputs) }
  let buffers = BufferLog()
  let value = Tape.pausing { buffers.logging { function(inputs.map { $0.detached() }) } }
  let rerun = CheckpointedFunction(inputs: inputs, parameters: parameters, buffers: buffers, function: function)
  let sources = inputs + parameters.map(\.value)
  return Tensor(shape: value.shape, storage: value.storage)
    .recorded(
      from: sources.indices.map { index in
        (sources[index], { cotangent, _ in rerun.cotangent(ofSource: index, from: cotangent) })
      })
}

/// The same for a function of one tensor.
package func checkpoint(
  _ input: Tensor, at parameters: [Parameter], _ function: @escaping (Tensor) -> Tensor
) -> Tensor {
  checkpoint([input], at: parameters) { function($0[0]) }
}

/// A function with a custom vector-Jacobian product (VJP). Its intermediate tensors are neither saved nor recorded.
///
/// - Parameters:
///   - value: The function.
///   - rule: Returns the gradient of input `number` from the value's cotangent and the inputs, written in public
///     operations so that it can be differentiated again.
package func customVJP(
  _ inputs: [Tensor], value: ([Tensor]) -> Tensor,
  rule: @escaping @Sendable (_ cotangent: Tensor, _ inputs: [Tensor], _ number: Int) -> Tensor
) -> Tensor {
  let buffers = BufferLog()
  return buffers.logging { value(inputs.map { $0.detached() }) }
    .recorded(
      from: inputs.indices.map { number in
        (inputs[number], { cotangent, _ in buffers.replaying { rule(cotangent, inputs, number) } })
      })
}

/// A tensor saved for a pullback: its values, or, if its operation can cheaply recompute them (its node's
/// `rematerialize`), a reference to the node.
///
/// The output of a gate is half as large as its input, which the gate's own pullback saves, so a pullback that needs
/// the output recomputes it. That costs a pass over memory and saves a third of a gated network's memory.
struct SavedTensor: Sendable {
  private let kept: Tensor?
  private let node: TapeNode?

  init(_ tensor: Tensor) {
    let isCheap = tensor.node?.rematerialize != nil
    kept = isCheap ? nil : tensor
    node = isCheap ? tensor.node : nil
  }

  /// True if the values are saved, false if they are recomputed each time.
  var isKept: Bool { kept != nil }

  /// The saved tensor, with its node on the tape.
  var value: Tensor {
    if let kept { return kept }
    guard let node, let rematerialize = node.rematerialize else {
      preconditionFailure("SavedTensor: the tape of a tensor was released before the pullbacks that use it")
    }
    return Tensor(shape: node.shape, storage: rematerialize(), node: node)
  }
}

/// The recomputation of a checkpointed function, shared by all its sources. Only the backward pass calls it.
private final class CheckpointedFunction: @unchecked Sendable {
  private let inputs: [SavedTensor]
  private let parameters: [Parameter]
  private let buffers: BufferLog
  private let function: ([Tensor]) -> Tensor
  /// The last cotangent of the output, and the gradients from it that have not been requested yet.
  private var waiting: (cotangent: Tensor, found: [Int: Tensor])?

  init(
    inputs: [Tensor], parameters: [Parameter], buffers: BufferLog, function: @escaping ([Tensor]) -> Tensor
  ) {
    self.inputs = inputs.map { SavedTensor($0) }
    self.parameters = parameters
    self.buffers = buffers
    self.function = function
  }

  /// - Parameter index: The index of a source: first the inputs, then the parameters.
  func cotangent(ofSource index: Int, from cotangent: Tensor) -> Tensor {
    if let all = waiting, all.cotangent.storage === cotangent.storage,
      let waited = waiting?.found.removeValue(forKey: index)
    {
      return waited
    }
    let all = cotangents(from: cotangent)
    waiting = (cotangent, Dictionary(uniqueKeysWithValues: all.enumerated().map { ($0, $1) }.filter { $0.0 != index }))
    return all[index]
  }

  private func cotangents(from cotangent: Tensor) -> [Tensor] {
    let sources = inputs.map { $0.value.withOwnNode() }
    let product = Tape.$isRecording.withValue(true) {
      (buffers.replaying { function(sources) } * cotangent).sum()
    }
    return BackwardPass.gradients(of: product, at: sources + parameters.map(\.value))
  }
}
