import Foundation
import InpaintingModels
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

@Suite struct SpectralNormRecorderTests {
  /// The measurements and notices of the recorder at a step.
  private func record(_ state: TrainingState, step: Int) throws -> (values: [String: Double], text: String) {
    let folder = try TemporaryFolder()
    let path = folder.file("console")
    let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
    defer { close(descriptor) }
    let console = Console(descriptor: descriptor, isTerminal: false)
    let recorder = SpectralNormRecorder(state, interval: Interval(length: 10, lastStep: 1000), console: console)
    state.step = step
    var report = StepReport()
    recorder.stepEnded(&report, state)
    let values = Dictionary(uniqueKeysWithValues: report.measurements.map { ($0.key, $0.value) })
    return (values, try folder.text(of: "console"))
  }

  private func settledState() throws -> (TrainingState, [Conv2d]) {
    let state = try TrainingState(SmallRun().configuration, console: .silent)
    let layers = state.model.networks[1].module.namedModules.compactMap { $0.module as? Conv2d }
    for layer in layers { for _ in 0..<200 { _ = layer.spectralNorm?(layer.weight.value) } }
    // A step that changes nothing.
    let discriminator = state.networks[1]
    try discriminator.update(discriminator.module.parameters.map { .zeros($0.shape) })
    return (state, layers)
  }

  @Test func `layers whose iteration has settled have the norm 1`() throws {
    let (values, text) = try record(settledState().0, step: 200)
    #expect(values.keys.sorted() == (1...6).map { "validation/spectral_norm/discriminator.conv\($0)" })
    #expect(values.values.allSatisfy { abs($0 - 1) < 0.02 } && text.isEmpty)
  }

  @Test func `a layer whose iteration lags is named, once it had time to settle`() throws {
    let (state, layers) = try settledState()
    let u = try #require(layers[2].spectralNorm).u
    // Another singular vector: that of the least value of a diagonal matrix.
    let shape = layers[2].weight.shape
    let columns = shape[3]
    layers[2].weight.assign(
      Tensor(shape: shape) { elements in
        for index in elements.indices {
          elements[index] = index / columns == index % columns ? Scalar(1 + index % columns) : 0
        }
      })
    u.value = Tensor((0..<columns).map { $0 == 0 ? 1 : 0 }, shape: [1, columns])
    let (values, text) = try record(state, step: 200)
    #expect(abs(try #require(values["validation/spectral_norm/discriminator.conv3"]) - Double(columns)) < 1e-3)
    #expect(text.contains("step 200") && text.contains("discriminator.conv3") && !text.contains("conv2"))
    #expect(text.split(separator: "\n").count == 1)
    #expect(try record(state, step: 50).text.isEmpty)
    #expect(try record(state, step: 201).values.isEmpty)
  }

  @Test func `a network that nothing trains is left out`() throws {
    let state = try TrainingState(SmallRun().configuration, console: .silent)
    let (values, text) = try record(state, step: 200)
    #expect(values.isEmpty && text.isEmpty)
  }

  @Test func `weights that are not finite give no number`() throws {
    let (state, layers) = try settledState()
    layers[0].weight.assign(layers[0].weight.value * Scalar.infinity)
    #expect(try record(state, step: 200).values["validation/spectral_norm/discriminator.conv1"]?.isNaN == true)
  }
}
