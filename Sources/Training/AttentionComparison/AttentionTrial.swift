import Evaluation
import Foundation
import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// An attention by itself, on features of its own, to see what it costs.
final class AttentionTrial {
  private let attention: PlacedAttention
  private let inputs: AttentionInputs
  private let joins: Bool
  /// Everything that its gradient is wanted of beside the features.
  let parameters: [Parameter]
  /// Multiply-adds of one call.
  let multiplyAdds: Int

  /// - Parameters:
  ///   - kind: One of `AttentionRegistry.namesWithoutLabels`, with its usual options.
  ///   - size: The height and width of the features; the hole is a square of half of that in the middle.
  /// - Throws: `Failure` of the kind `configuration` if there is no such attention for so many channels.
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

  /// Its output for features, [1, size, size, channels]; on a skip connection, for a decoder's that are the same.
  func callAsFunction(_ features: Tensor) -> Tensor {
    if case .features(let attention) = attention, !joins { return attention(features, inputs) }
    return attention.joined(decoded: features, encoded: features, inputs)
  }
}

/// A variant that is trained and measured.
struct AttentionTraining {
  /// Means over the pictures, in the holes.
  let l1, psnr, ssim: Double
  /// The moving average of the trained weights.
  let model: any InpaintingModel

  /// Trains, or goes on where training stopped, and measures the fillings.
  ///
  /// - Parameters:
  ///   - directory: The run's; kept, so that the same comparison need not be trained twice.
  ///   - pictures: The pictures on which predictions are measured.
  /// - Returns: nil if it was interrupted.
  /// - Throws: `Failure`.
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

/// The cost of an attention by itself, on features of the size that the published generators have in the middle.
struct AttentionCost {
  static let size = 64
  static let channels = 96

  let parameterCount: Int
  let multiplyAdds: Int
  /// Of a call without a tape.
  let forwardSeconds: Double
  /// Of a call with the gradients of the features and of every parameter.
  let trainingSeconds: Double
  /// The most bytes of tensors that lived at once while training, beside the features and the parameters.
  let trainingBytes: Int

  /// Measures medians of several calls.
  ///
  /// - Parameter calls: The number of calls that are measured, after one that is not.
  /// - Throws: `Failure` if there is no such attention.
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
