// Gradients of closures. They can be nested to any depth.

/// The value of a scalar expression and its gradient with respect to the parameters, in their order.
package func valueWithGradient(
  at parameters: [Parameter], in expression: () throws -> Tensor
) rethrows -> (value: Tensor, gradient: [Tensor]) {
  let tape = Tape(watching: parameters)
  let value = try tape.record(expression)
  let gradients = tape.gradients(of: value)
  return (Tape.isRecording ? value : value.detached(), gradients)
}

/// The value of a scalar function and its gradient with respect to each of its arguments.
package func valueWithGradient(
  at arguments: [Tensor], in function: ([Tensor]) throws -> Tensor
) rethrows -> (value: Tensor, gradient: [Tensor]) {
  // A separate node per argument: other uses of the same tensor in the closure count as constants.
  let sources = arguments.map { $0.withOwnNode() }
  let value = try Tape.$isRecording.withValue(true) { try function(sources) }
  let gradients = BackwardPass.gradients(of: value, at: sources)
  return (Tape.isRecording ? value : value.detached(), gradients)
}

/// The gradient of a scalar function with respect to each of its arguments.
package func gradient(at arguments: [Tensor], of function: ([Tensor]) throws -> Tensor) rethrows -> [Tensor] {
  try valueWithGradient(at: arguments, in: function).gradient
}

/// The gradient of a scalar function with respect to its argument.
package func gradient(at argument: Tensor, of function: (Tensor) throws -> Tensor) rethrows -> Tensor {
  try gradient(at: [argument]) { try function($0[0]) }[0]
}

extension Tensor {
  /// The same values with a node of their own, at which an inner backward pass ends; an outer one continues through it.
  func withOwnNode() -> Tensor {
    let origin = node.map { [TapeInput(node: $0, pullback: { cotangent, _ in cotangent })] }
    return Tensor(shape: shape, storage: storage, node: TapeNode(shape: shape, inputs: origin ?? []))
  }

  /// Records this result on the tape with a pullback for each input.
  ///
  /// - Parameters:
  ///   - keepingOutput: True if a pullback uses the output; otherwise it gets an empty tensor.
  ///   - rematerialize: Recomputes the values from those that the pullbacks save, so that later operations need not
  ///     save them.
  ///   - inputs: The inputs with their pullbacks.
  func recorded(
    keepingOutput: Bool = false, rematerialize: (@Sendable () -> Storage)? = nil, from inputs: (Tensor, Pullback)...
  ) -> Tensor {
    recorded(keepingOutput: keepingOutput, rematerialize: rematerialize, from: inputs)
  }

  func recorded(
    keepingOutput: Bool = false, rematerialize: (@Sendable () -> Storage)? = nil, from inputs: [(Tensor, Pullback)]
  ) -> Tensor {
    recorded(keepingOutput: keepingOutput, rematerialize: rematerialize) {
      inputs.compactMap { input, pullback in input.node.map { TapeInput(node: $0, pullback: pullback) } }
    }
  }

  /// Records this result, a part of one input, on the tape.
  ///
  /// - Parameter adding: Adds the pullback's gradient to a sum in place.
  func recorded(
    fromPartOf input: Tensor, _ pullback: @escaping Pullback, adding partialSum: @escaping TapeInput.PartialSum
  ) -> Tensor {
    recorded { input.node.map { [TapeInput(node: $0, pullback: pullback, partialSum: partialSum)] } ?? [] }
  }

  private func recorded(
    keepingOutput: Bool = false, rematerialize: (@Sendable () -> Storage)? = nil, from inputs: () -> [TapeInput]
  ) -> Tensor {
    guard Tape.isRecording else { return self }
    let traced = inputs()
    guard !traced.isEmpty else { return self }
    let node = TapeNode(
      shape: shape, inputs: traced, output: keepingOutput ? storage : nil, rematerialize: rematerialize)
    return Tensor(shape: shape, storage: storage, node: node)
  }
}
