import Kernels
import Synchronization

/// A gated convolution: activation(first half of the filters) · sigmoid(second half) (Yu et al., 2019, eq. 3), in one
/// pass over memory.
///
/// - Parameters:
///   - x, filter, kept, bias, stride, dilation, padding, upsampling: As for `convolve`; the number of filters is even.
///   - activation: ELU or ReLU.
/// - Returns: [batch, output height, output width, filters / 2].
package func convolveGated(
  _ x: Tensor, _ filter: Tensor, kept: TransformedFilters? = nil, bias: Tensor? = nil, activation: Activation,
  stride: Int = 1, dilation: Int = 1, padding: Padding = .none, upsampling: Int = 1
) -> Tensor {
  activation.requireGating("convolveGated")
  let geometry = ConvolutionGeometry(
    "convolveGated", x, filter, bias, stride: stride, dilation: dilation, padding: padding, upsampling: upsampling)
  precondition(geometry.filters % 2 == 0, "convolveGated: the number of filters (\(geometry.filters)) must be even")
  if geometry.needsUpsampling {
    return convolveGated(
      x.upsampledNearest(by: upsampling), filter, kept: kept, bias: bias, activation: activation, stride: stride,
      dilation: dilation, padding: padding)
  }
  let gated = GatedConvolution(geometry: geometry, activation: activation, x: x, filter: filter, kept: kept, bias: bias)
  // Only the gate's pullback uses the preactivation.
  let isTraced = Tape.isRecording && [x, filter, bias].contains { $0?.node != nil }
  let (preactivation, out) = gated.run(x, keepingPreactivation: isTraced)
  let gatedShape: Shape = geometry.outputShape.dropLast() + [geometry.filters / 2]
  guard let preactivation else { return Tensor(shape: gatedShape, storage: out) }
  var preactivationAgain: (@Sendable () -> Storage)?
  var outputAgain: (@Sendable () -> Storage)?
  if gated.isCheap {
    preactivationAgain = { gated.preactivation() }
    outputAgain = { gated.output() }
  }
  let convolution = Tensor(shape: geometry.outputShape, storage: preactivation)
    .recorded(rematerialize: preactivationAgain, from: convolutionRules(geometry, x, filter, bias))
  return Tensor(shape: gatedShape, storage: out).recordedGate(of: convolution, activation, rematerialize: outputAgain)
}

/// A gated convolution that can be recomputed in the backward pass.
private final class GatedConvolution: Sendable {
  private let geometry: ConvolutionGeometry
  private let activation: Activation
  private let x: SavedTensor
  private let filter: Tensor
  private let kept: TransformedFilters?
  private let bias: Tensor?
  /// The preactivation of the last recomputation, kept until the gate's pullback takes it, which is the next to need
  /// it.
  private let waiting = Mutex<Storage?>(nil)

  init(
    geometry: ConvolutionGeometry, activation: Activation, x: Tensor, filter: Tensor, kept: TransformedFilters?,
    bias: Tensor?
  ) {
    self.geometry = geometry
    self.activation = activation
    self.x = SavedTensor(x)
    self.filter = filter
    self.kept = kept
    self.bias = bias
  }

  /// True if the output is recomputed rather than saved: with few input channels, as at a picture's full size, the
  /// convolution is cheap and its output large. False if its input would have to be recomputed as well.
  var isCheap: Bool { geometry.channels <= 8 && x.isKept }

  func run(_ x: Tensor, keepingPreactivation: Bool) -> (preactivation: Storage?, output: Storage) {
    let count = geometry.outputShape.elementCount
    let preactivation = keepingPreactivation ? Storage(count: count) : nil
    let output = Storage(count: count / 2)
    // `x` may be a rematerialized value that only this call holds.
    withExtendedLifetime(x) {
      ConvolutionCensus.observe(.forward, geometry) {
        Kernels.convolveGated(
          geometry, activation, x: x.source, w: filter.source, bias: bias?.source, transformed: kept,
          preactivation: preactivation?.pointer, into: output.pointer)
      }
    }
    return (preactivation, output)
  }

  func output() -> Storage {
    let (preactivation, output) = run(x.value, keepingPreactivation: true)
    waiting.withLock { $0 = preactivation }
    return output
  }

  func preactivation() -> Storage {
    let waited = waiting.withLock { waiting in
      defer { waiting = nil }
      return waiting
    }
    if let waited { return waited }
    guard let preactivation = run(x.value, keepingPreactivation: true).preactivation else {
      preconditionFailure("convolveGated: a run that keeps its preactivation returned none")
    }
    return preactivation
  }
}
