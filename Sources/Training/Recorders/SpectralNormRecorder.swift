import NeuralNetworks
import Support
import Tensors

/// Compares the power iteration of each spectrally normalized layer with the singular values themselves, at every
/// validation.
///
/// A layer's weight is divided by an estimate of its largest singular value. The largest singular value of what comes of
/// that, `validation/spectral_norm/<layer>`, should be 1, and is more if the estimate lags behind the weight.
final class SpectralNormRecorder: Recorder {
  /// The distance from 1 that needs no warning. The quickstart, whose discriminator learns five times as fast as the
  /// published one, was seen at 1.14 for a moment and below 1.02 at most validations. A network's Lipschitz constant is at
  /// most the product over its layers: of six at 1.3 it is 4.8.
  static let tolerance = 0.3
  /// An iteration begins with a random vector and makes one multiplication an update or two: before so many steps a lag
  /// says nothing.
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
    // The iterations of a network that no term of the loss asks stand still.
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
