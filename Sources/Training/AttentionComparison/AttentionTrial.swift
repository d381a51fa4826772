import Evaluation
import Foundation
import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// An attention layer in isolation, with random initialization, for measurements of its cost.
final class AttentionTrial {
  private let attention: PlacedAttention
  private let inputs: AttentionInputs
  private let joins: Bool
  /// The parameters of the layer.
  let parameters: [Parameter]
  /// The number of multiply-adds of a forward pass.
  let multiplyAdds: Int

  /// - Parameters:
  ///   - kind: One of `AttentionRegistry.namesWithoutLabels`; its options have their defaults.
  ///   - channels: The number of channels of the features.
  ///   - size: The height and width of the features. The hole is a centered square of half that size.
  ///   - seed: The seed of the initialization.
  /// - Throws: `Failure` of the kind `configuration` if the kind does not support this number of channels.
  init(kind: String, channels: Int, size: Int, seed: UInt64) throws {
    let reader = try JSONReader(["kind": JSONValue(kind)], source: "the usual options")
    let part = try AttentionRegistry.defaultPart(of: kind)
    let site = AttentionSite(part, scale: 1, channels: channels, sizeMultiple: 2, isAdded: true)
    let factory = try AttentionRegistry.factory(reader, at: site, pictureSize: size).factory
    attention = factory.make(
      AttentionContext(site: site, contextual: ContextualAttention(), initialization: Initialization(seed: seed)))
    parameters = attention.module.parameters
    multiplyAdds = attention.multiplyAdds(height: size, width: size, channels: channels)
    joins = part == .skip
    let quarter = size / 4
    let row = (0..<size).map { Scalar((quarter..<size - quarter).contains($0) ? 1 : 0) }
    let hole = Tensor(row, shape: [1, size, 1, 1]) * Tensor(row, shape: [1, 1, size, 1])
    inputs = AttentionInputs(holes: hole, pictures: .zeros([1, size, size, 3])) { holes, divisor in
      holes.resizedNearest(height: size / divisor, width: size / divisor, rule: .floor)
    }
  }

  /// The forward pass. An attention on a skip connection receives `features` as both the encoder's and the decoder's
  /// features.
  ///
  /// - Parameter features: [1, size, size, channels].
  func callAsFunction(_ features: Tensor) -> Tensor {
    if case .features(let attention) = attention, !joins { return attention(features, inputs) }
    return attention.joined(decoded: features, encoded: features, inputs)
  }
}

/// A trained variant, and its metrics.
struct AttentionTraining {
  /// The means over the pictures of the metrics inside the holes. L1 is in 0...1, PSNR in dB.
  let l1, psnr, ssim: Double
  /// The trained model, with the moving average of its weights where the configuration has one.
  let model: any InpaintingModel

  /// Trains a variant, or resumes its training from the newest checkpoint, and evaluates its predictions.
  ///
  /// - Parameters:
  ///   - directory: The run directory. It is kept, so that a repeated comparison does not train again.
  ///   - pictures: The pictures on which predictions are evaluated.
  /// - Returns: Nil if training was interrupted.
  /// - Throws: `Failure` for whatever training or evaluation would refuse.
  init?(
    _ configuration: TrainingConfiguration, in directory: RunDirectory, pictures: EvaluationPictures,
    interruption: Interruption, console: Console
  ) throws {
    let exists = Path.exists(directory.checkpoints)
    let run = try TrainingRun(
      configuration, directory: directory, resume: exists ? .newest : nil, interruption: interruption, console: console)
    guard try run.run() == .finished else { return nil }
    let loaded = try LoadedModel(path: directory.path)
    let evaluator = Evaluator(pictures: pictures) { loaded.model.fill([$0]).completed }
    let report = try evaluator.report(
      weights: WeightsIdentity(name: loaded.description, hash: loaded.hash), onProgress: { _ in },
      onNotice: { console.warn($0) })
    func mean(_ metric: Metric) -> Double { report.meanInHoles(of: metric) }
    (l1, psnr, ssim) = (mean(.l1), mean(.psnr), mean(.ssim))
    model = loaded.model
  }
}

/// The cost of an attention layer in isolation, on features of the size of the bottleneck of published generators.
struct AttentionCost {
  static let size = 64
  static let channels = 96

  let parameterCount: Int
  let multiplyAdds: Int
  /// The seconds of a forward pass without tape (median).
  let forwardSeconds: Double
  /// The seconds of a forward and a backward pass, with gradients for the features and all parameters (median).
  let trainingSeconds: Double
  /// The peak memory of live tensors during forward and backward passes, in bytes, without those that existed before, such
  /// as features and parameters.
  let trainingBytes: Int

  /// Measures a kind of attention.
  ///
  /// - Parameters:
  ///   - kind: One of `AttentionRegistry.namesWithoutLabels`.
  ///   - calls: The number of measured calls, after a warm-up call.
  /// - Throws: `Failure` if there is no such kind.
  init(of kind: String, calls: Int) throws {
    let trial = try AttentionTrial(kind: kind, channels: Self.channels, size: Self.size, seed: 0)
    var stream = RandomStream(seed: 0, purpose: "attention cost")
    let features = Tensor(shape: [1, Self.size, Self.size, Self.channels]) { elements in
      for index in elements.indices { elements[index] = Scalar(stream.normal()) }
    }
    let parameters = [Parameter(features)] + trial.parameters
    parameterCount = trial.parameters.reduce(0) { $0 + $1.shape.elementCount }
    multiplyAdds = trial.multiplyAdds
    forwardSeconds = Self.median(calls) { _ = trial(features) }
    let before = MemoryPool.tensors.liveBytes
    MemoryPool.tensors.resetPeak()
    trainingSeconds = Self.median(calls) {
      _ = valueWithGradient(at: parameters) { square(trial(parameters[0].value)).sum() }
    }
    trainingBytes = MemoryPool.tensors.peakBytes - before
  }

  private static func median(_ calls: Int, _ body: () -> Void) -> Double {
    body()
    return Samples(
      (0..<max(1, calls)).map { _ in
        let start = ContinuousClock.now
        body()
        return (ContinuousClock.now - start) / .seconds(1)
      }
    ).median
  }
}
