package import Tensors

/// A linear layer on the last axis, with an activation: y = activation(x · weight + bias).
///
/// Input [..., inputs], output [..., outputs]; `weight` is [inputs, outputs], the transpose of PyTorch's,
/// `bias` [outputs].
package final class Linear: Layer {
  package let weight: Parameter
  package let bias: Parameter?
  let activation: Activation

  package init(
    inputs: Int, outputs: Int, bias: Bool = true, activation: Activation = .identity, initialization: Initialization
  ) {
    precondition(
      inputs > 0 && outputs > 0,
      "Linear \(initialization.name): inputs (\(inputs)) and outputs (\(outputs)) must be positive")
    weight = initialization.weight([inputs, outputs])
    self.bias = bias ? Parameter(.zeros([outputs])) : nil
    self.activation = activation
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let (inputs, outputs) = (weight.shape[0], weight.shape[1])
    precondition(x.shape.last == inputs, "Linear: expected [..., \(inputs)], found shape \(x.shape)")
    // One product for all leading axes.
    let product = matmul(x.reshaped(to: [x.count / inputs, inputs]), weight.value)
    let sum = bias.map { product + $0.value } ?? product
    return activation(sum).reshaped(to: x.shape.dropLast() + [outputs])
  }
}
