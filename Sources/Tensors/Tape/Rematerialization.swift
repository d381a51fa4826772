// Memory traded for time (Chen et al., 2016, "Training Deep Nets with Sublinear Memory Cost"), in two words: a checkpoint
// is a function that is run again on the way back, a custom VJP a function with a rule of its own. Buffers never advance
// in either: a run on the way back finds them as the first run did, and leaves them alone.

/// The value of a function of which nothing is kept but its inputs: on the way back it is computed once more, and recorded
/// then. Costs the time of the function, and saves the memory of all it does.
///
/// - Parameters:
///   - parameters: All else that the function's gradient is wanted of.
///   - function: Must give the same at every call, and depend on nothing else that a gradient flows through.
package func checkpoint(
  _ inputs: [Tensor], at parameters: [Parameter], _ function: @escaping ([Tensor]) -> Tensor
) -> Tensor {
  guard Tape.isRecording else { return function(inputs) }
  let buffers = BufferLog()
  let value = Tape.pausing { buffers.noting { function(inputs.map { $0.detached() }) } }
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

/// A function with a vector-Jacobian product of its own. Nothing that it makes on the way is kept or recorded.
///
/// - Parameters:
///   - value: The function.
///   - rule: From the value's cotangent and the inputs, the cotangent of the input of the number given, written in public
///     operations, so that it can be differentiated again.
package func customVJP(
  _ inputs: [Tensor], value: ([Tensor]) -> Tensor,
  rule: @escaping @Sendable (_ cotangent: Tensor, _ inputs: [Tensor], _ number: Int) -> Tensor
) -> Tensor {
  let buffers = BufferLog()
  return buffers.noting { value(inputs.map { $0.detached() }) }
    .recorded(
      from: inputs.indices.map { number in
        (inputs[number], { cotangent, _ in buffers.replaying { rule(cotangent, inputs, number) } })
      })
}

/// A tensor as a rule keeps it: its values, or, if its operation can cheaply make them again (`rematerialize` of its
/// node, a checkpoint of that operation alone), the way to do so.
///
/// The output of a gate is half as large as its input, and the gate's own rule keeps the input: whoever needs the output
/// on the way back computes it once more. That costs a pass over memory and saves a third of what a gated network holds.
struct SavedTensor: Sendable {
  private let kept: Tensor?
  private let node: TapeNode?

  init(_ tensor: Tensor) {
    let isCheap = tensor.node?.rematerialize != nil
    kept = isCheap ? nil : tensor
    node = isCheap ? tensor.node : nil
  }

  /// True if the values are kept, rather than made again each time.
  var isKept: Bool { kept != nil }

  /// The tensor as it was, on the tape as it was.
  var value: Tensor {
    if let kept { return kept }
    guard let node, let rematerialize = node.rematerialize else {
      preconditionFailure("SavedTensor: the tape of a tensor was released before the rules that use it")
    }
    return Tensor(shape: node.shape, storage: rematerialize(), node: node)
  }
}

/// The second run of a checkpoint's function, which serves all its sources at once. Only the walk along the tape calls it.
private final class CheckpointedFunction: @unchecked Sendable {
  private let inputs: [SavedTensor]
  private let parameters: [Parameter]
  private let buffers: BufferLog
  private let function: ([Tensor]) -> Tensor
  /// The cotangents of the sources that have not asked yet, and that of the output, from which they came.
  private var waiting: (cotangent: Tensor, found: [Int: Tensor])?

  init(
    inputs: [Tensor], parameters: [Parameter], buffers: BufferLog, function: @escaping ([Tensor]) -> Tensor
  ) {
    self.inputs = inputs.map { SavedTensor($0) }
    self.parameters = parameters
    self.buffers = buffers
    self.function = function
  }

  /// - Parameter index: First come the inputs, then the parameters.
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
