package import Kernels

package typealias Activation = Kernels.Activation

extension Activation {
  package func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .identity: x
    case .relu: Tensors.relu(x)
    case .leakyReLU(let slope): Tensors.leakyReLU(x, slope: slope)
    case .elu: Tensors.elu(x)
    case .tanh: Tensors.tanh(x)
    case .sigmoid: Tensors.sigmoid(x)
    }
  }

  /// Traps if a convolution or a normalization cannot fuse this activation.
  func requireFusible(_ operation: StaticString) {
    precondition(isFusible, "\(operation): fuses identity, ReLU, leaky ReLU and ELU, found \(self)")
  }

  /// Traps if this cannot be the activation of a gate.
  package func requireGating(_ operation: String) {
    precondition(isGating, "\(operation): a gate's activation is ELU or ReLU, found \(self)")
  }
}

/// max(x, 0), with the derivative 0 at 0.
package func relu(_ x: Tensor) -> Tensor {
  x.mapped { Kernels.relu($0, $1, into: $2) }.recordedActivation(.relu, of: x)
}

/// x where x > 0, slope · x elsewhere (Maas et al., 2013).
///
/// - Precondition: The slope is at least 0.
package func leakyReLU(_ x: Tensor, slope: Scalar = 0.2) -> Tensor {
  precondition(slope >= 0, "leakyReLU: expected a slope of at least 0, found \(slope)")
  return x.mapped { Kernels.leakyReLU($0, $1, slope: slope, into: $2) }.recordedActivation(
    .leakyReLU(slope: slope), of: x)
}

/// x where x > 0, e^x - 1 elsewhere (Clevert et al., 2016, with alpha = 1).
package func elu(_ x: Tensor) -> Tensor {
  x.mapped { Kernels.elu($0, $1, into: $2) }.recordedActivation(.elu, of: x)
}

extension Tensor {
  /// Records this tensor as an activation of `x`. The pullback uses the output, which the next layer saves anyway, so
  /// the values of `x` need not be in memory.
  func recordedActivation(_ activation: Activation, of x: Tensor) -> Tensor {
    if activation == .identity { return x }
    return recorded(
      keepingOutput: true, from: (x, { cotangent, output in sloped(cotangent, activation, output: output) }))
  }
}

/// The cotangent times the activation's derivative, computed from its output: 1 where output > 0; elsewhere output + 1
/// for ELU, a constant for the others.
private func sloped(_ cotangent: Tensor, _ activation: Activation, output: Tensor) -> Tensor {
  Tensor(shape: output.shape) { out in
    activationGradient(
      activation, count: out.count, output: output.source, cotangent: cotangent.source, into: out.baseAddress!)
  }
  .recorded(from: slopedRules(cotangent, activation, output: output))
}

private func slopedRules(
  _ cotangent: Tensor, _ activation: Activation, output: Tensor
) -> [(Tensor, Pullback)] {
  let rule: (Tensor, Pullback) = (cotangent, { outer, _ in sloped(outer, activation, output: output) })
  guard activation == .elu else { return [rule] }
  return [rule, (output, { outer, _ in outer * cotangent * (1 - step(output, below: 0)) })]
}

/// 1 where x > 0, `slope` elsewhere; no gradient.
private func step(_ x: Tensor, below slope: Scalar) -> Tensor {
  x.mapped { Kernels.leakyReLUDerivative($0, $1, slope: slope, into: $2) }
}

/// x · Φ(x), where Φ is the standard normal distribution function, in the exact form (Hendrycks and Gimpel, 2016).
package func gelu(_ x: Tensor) -> Tensor {
  x.mapped { Kernels.gelu($0, $1, into: $2) }
    .recorded(from: (x, { cotangent, _ in cotangent * geluDerivative(x) }))
}

/// Φ(x) + x · φ(x), whose derivative is (2 - x²) · φ(x).
private func geluDerivative(_ x: Tensor) -> Tensor {
  x.mapped { Kernels.geluDerivative($0, $1, into: $2) }
    .recorded(
      from: (
        x,
        { cotangent, _ in
          let squares = square(x)
          return cotangent * ((2 - squares) * exp(squares * -0.5) * 0.398_942_280_401_432_68)
        }
      ))
}

/// activation(feature) · sigmoid(gate), where `feature` is the first half of the last axis and `gate` the second (Yu et
/// al., 2019, eq. 3).
///
/// - Parameters:
///   - x: [..., 2 · channels].
///   - activation: ELU or ReLU.
/// - Returns: [..., channels].
package func gate(_ x: Tensor, _ activation: Activation) -> Tensor {
  activation.requireGating("gate")
  return Tensor(shape: x.shape.dropLast() + [gateChannels(x)], storage: gated(x, activation)).recordedGate(
    of: x, activation)
}

private func gated(_ x: Tensor, _ activation: Activation) -> Storage {
  let channels = gateChannels(x)
  let out = Storage(count: x.count / 2)
  // `x` may be a rematerialized value that only this call holds.
  withExtendedLifetime(x) {
    Kernels.gate(activation, pixels: out.count / max(1, channels), channels: channels, x.source, into: out.pointer)
  }
  return out
}

extension Tensor {
  /// Records this tensor as the gate of `x`, from which its values can be recomputed.
  ///
  /// - Parameter rematerialize: A cheaper way to recompute them; nil for the gate itself.
  func recordedGate(
    of x: Tensor, _ activation: Activation, rematerialize: (@Sendable () -> Storage)? = nil
  ) -> Tensor {
    let saved = SavedTensor(x)
    return recorded(
      rematerialize: rematerialize ?? { gated(saved.value, activation) },
      from: (x, { cotangent, _ in gateGradient(saved.value, activation, cotangent) }))
  }
}

private func gateChannels(_ x: Tensor) -> Int {
  precondition(
    x.rank > 0 && x.shape[x.rank - 1] % 2 == 0, "gate: the last axis of shape \(x.shape) must have an even size")
  return x.shape[x.rank - 1] / 2
}

/// The gradient of `gate` in one pass over memory. Its own derivatives, needed only for second-order gradients, are
/// those of the same formula in tensor operations.
private func gateGradient(_ x: Tensor, _ activation: Activation, _ cotangent: Tensor) -> Tensor {
  let channels = gateChannels(x)
  return Tensor(shape: x.shape) { out in
    Kernels.gateGradient(
      activation, pixels: cotangent.count / max(1, channels), channels: channels, x.source, cotangent.source,
      into: out.baseAddress!)
  }
  .recorded(
    from: (
      x,
      { outer, _ in
        gradient(at: x) { (gateGradientFormula($0, activation, cotangent) * outer).sum() }
      }
    ),
    (
      cotangent,
      { outer, _ in
        gradient(at: cotangent) { (gateGradientFormula(x, activation, $0) * outer).sum() }
      }
    ))
}

private func gateGradientFormula(_ x: Tensor, _ activation: Activation, _ cotangent: Tensor) -> Tensor {
  let channels = gateChannels(x)
  let feature = x.sliced(axis: -1, 0..<channels)
  let opening = sigmoid(x.sliced(axis: -1, channels..<2 * channels))
  let value = activation(feature)
  let slope = activation == .relu ? step(feature, below: 0) : exp(-relu(-feature))
  return concatenate([cotangent * slope * opening, cotangent * value * (opening * (1 - opening))], axis: -1)
}
