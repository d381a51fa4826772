import NeuralNetworks
import Support
import Tensors

/// A recorder that measures the exact spectral norm of each spectrally normalized layer at every validation.
///
/// Spectral normalization divides a layer's weight by an estimate of its largest singular value, which a power iteration
/// tracks. The largest singular value of the normalized weight, `validation/spectral_norm/<layer>`, is 1 if the estimate is
/// exact, and larger if the estimate lags behind the weight.
final class SpectralNormRecorder: Recorder {
  /// The largest deviation from 1 without a warning. An earlier quickstart, whose discriminator had five times the
  /// published learning rate, was seen at 1.14 for a moment and below 1.02 at most validations. A network's Lipschitz
  /// constant is at most the product over its layers: 4.8 for six layers at 1.3.
  static let tolerance = 0.3
  /// The number of steps without warnings at the start: a power iteration begins with a random vector and makes one or two
  /// iterations per step.
  static let settlingSteps = 100

  private let interval: Interval
  private let console: Console
  private let layers: [(network: TrainedNetwork, name: String, layer: Conv2d, norm: SpectralNorm)]

  init(_ state: TrainingState, interval: Interval, console: Console) {
    self.interval = interval
    self.console = console
    layers = state.networks.flatMap { network in
      network.module.namedModules.compactMap { entry in
        guard let layer = entry.module as? Conv2d, let norm = layer.spectralNorm else { return nil }
        return (network, network.name + "." + entry.name, layer, norm)
      }
    }
  }

  func stepEnded(_ report: inout StepReport, _ state: TrainingState) {
    guard interval.isDue(state.step) else { return }
    // Without optimizer steps, a network has had no forward pass in training, and its power iterations have not advanced.
    let trained = layers.filter { $0.network.optimizerSteps > 0 }
    let norms = trained.map { (name: $0.name, value: Double($0.norm.exactNorm($0.layer.weight.value) ?? .nan)) }
    report.measurements += norms.map { ("validation/spectral_norm/" + $0.name, $0.value) }
    let lagging = norms.filter { abs($0.value - 1) > Self.tolerance }
    guard state.step >= Self.settlingSteps, !lagging.isEmpty else { return }
    console.warn(
      "step \(state.step): the spectral norm is "
        + lagging.map { "\($0.value.decimals(3)) in \($0.name)" }.joined(separator: ", ")
        + ": expected 1 within \(Self.tolerance); the power iteration lags behind the weights, and a lower learning rate "
        + "of that network lets it follow.")
  }
}
