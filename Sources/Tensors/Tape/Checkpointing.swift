/// The value of a function of which nothing is kept but its input: on the way back it is computed once more, and recorded
/// then (Chen et al., 2016, "Training Deep Nets with Sublinear Memory Cost", section 4). Costs the time of the function,
/// and saves the memory of all it does.
///
/// - Parameters:
///   - parameters: Whatever else the function's gradient is wanted of.
///   - function: Must give the same at every call, and depend on nothing else that a gradient flows through.
package func checkpointed(
  _ input: Tensor, at parameters: [Parameter], _ function: @escaping (Tensor) -> Tensor
) -> Tensor {
  checkpointed([input], at: parameters) { function($0[0]) }
}

/// The same for a function of several tensors.
package func checkpointed(
  _ inputs: [Tensor], at parameters: [Parameter], _ function: @escaping ([Tensor]) -> Tensor
) -> Tensor {
  guard Tape.isRecording else { return function(inputs) }
  let value = Tape.pausing { function(inputs.map { $0.detached() }) }
  let recomputation = Recomputation(inputs: inputs, parameters: parameters, function: function)
  let sources = inputs + parameters.map(\.value)
  return Tensor(shape: value.shape, storage: value.storage)
    .recorded(
      from: sources.indices.map { index in
        (sources[index], { cotangent, _ in recomputation.cotangent(ofSource: index, from: cotangent) })
      })
}

/// The second run of a function, which serves all its sources at once. Only the walk along the tape calls it.
private final class Recomputation: @unchecked Sendable {
  private let inputs: [SavedTensor]
  private let parameters: [Parameter]
  private let function: ([Tensor]) -> Tensor
  /// What the sources that have not asked yet will get, and from which cotangent it came.
  private var waiting: (cotangent: Tensor, found: [Int: Tensor])?

  init(inputs: [Tensor], parameters: [Parameter], function: @escaping ([Tensor]) -> Tensor) {
    self.inputs = inputs.map { SavedTensor($0) }
    self.parameters = parameters
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
    // Nodes of their own, so that the walk ends there.
    let sources = inputs.map { saved in
      let input = saved.value
      let origin = input.node.map { [(node: $0, pullback: { cotangent, _ in cotangent } as Pullback)] }
      return Tensor(
        shape: input.shape, storage: input.storage, node: TapeNode(shape: input.shape, inputs: origin ?? []))
    }
    let product = Tape.$isRecording.withValue(true) { (function(sources) * cotangent).sum() }
    return BackwardPass.gradients(of: product, at: sources + parameters.map(\.value))
  }
}
