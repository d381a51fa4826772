import InpaintingModels
import Support
import Tensors

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
  /// - Parameter calls: How many are measured, after one that is not.
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
