package import Tensors

/// An entry of a PyTorch state dictionary of a network full of noise, as Scripts/make-perceptual-values has it: filters in
/// He's way, heads of LPIPS in 0...1, statistics of a batch normalization near those that change nothing.
package func noisyWeights(_ name: String, _ shape: Shape) -> Tensor {
  if name.hasPrefix("lin") { return Tensor.noise(name, shape, scale: 0.5) + 0.5 }
  if shape.count == 4 {
    return .noise(name, shape, scale: (6 / Double(shape.dropFirst().reduce(1, *))).squareRoot())
  }
  if name.hasSuffix("bn.weight") || name.hasSuffix("running_var") { return Tensor.noise(name, shape, scale: 0.3) + 1 }
  return .noise(name, shape, scale: 0.1)
}
