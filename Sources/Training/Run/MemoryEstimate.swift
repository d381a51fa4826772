import InpaintingData
import InpaintingModels
import Kernels
import NeuralNetworks
import Support
import Tensors

/// An estimate of the peak memory of a run on one rank, from measurements of training steps on small blank batches.
///
/// The memory of a step has a part that does not depend on the pictures (weights, gradients, moments), a part that grows
/// with the number of pixels (activations), and a part that grows with its square (attention): a + n · (b · p + c · p²)
/// for n pictures of p pixels. Steps with (n, p) = (1, 64²) and (2, 64²), or larger pictures if the model needs them,
/// give a; a step with one picture of the run's size, at least twice the small side and at most about 256², gives b and
/// c. Larger pictures are extrapolated. Of several phases, the largest estimate counts.
///
/// A batch of several micro-batches (leaves) takes the activations of one micro-batch, the pictures of all of them, and
/// the partial sums of gradients that are kept while other micro-batches are computed. The measured steps have two
/// micro-batches, if the run has more than one, so that the networks alternate as in the run. Each of several ranks has
/// the pictures and partial sums of its own micro-batches, and, with sharded optimizers, its shard of the moments.
package struct MemoryEstimate {
  /// The estimated peak, in bytes.
  package let bytes: Int

  /// - Parameter processes: The number of ranks that share the micro-batches of a batch.
  /// - Throws: `Failure`, as a training step.
  package init(_ configuration: TrainingConfiguration, processes: Int = 1) throws {
    var phases: [RunPhase] = []
    for phase in configuration.phases where !phases.contains(where: { $0.phase == phase.phase }) {
      phases.append(phase)
    }
    let tensors = try phases.map { try Self.tensorBytes(configuration, $0, processes) }.max() ?? 0
    bytes = Int(Double(tensors + tensors / MemoryPool.slack) * (1 + Self.overhead)) + Self.program
  }

  /// The estimated peak of tensors on one rank during a phase, in bytes.
  private static func tensorBytes(
    _ configuration: TrainingConfiguration, _ phase: RunPhase, _ processes: Int
  ) throws -> Int {
    let multiple = configuration.model.sizeMultiple
    func side(_ atLeast: Int) -> Int { (atLeast + multiple - 1) / multiple * multiple }
    let small = side(64)
    let large = max(2 * small, min(configuration.data.size, side(256)))
    let (one, moments) = try Self.updates(configuration, phase, pictures: 1, side: small)
    let two = try Self.updates(configuration, phase, pictures: 2, side: small).updates.map(\.peak)
    let big = try Self.updates(configuration, phase, pictures: 1, side: large).updates.map(\.peak)
    let (p, q) = (Double(small * small), Double(large * large))
    let pixels = Double(configuration.data.size * configuration.data.size)
    let leaves = configuration.training.leaves
    let pictures = Double(configuration.training.batchSize / leaves)
    // The measurement includes the pictures and sums of two micro-batches.
    let bytesOfPixel = Self.bytesOfPixel(with: configuration.model.conditions)
    let own = (leaves + processes - 1) / processes
    let otherPictures = Double(max(0, own - 2)) * pictures * pixels * bytesOfPixel
    let otherSums = Double(max(0, TreeSum<LeafValues>.mostKept(leafCount: own) - 1))
    let updates = one.indices.map { update in
      let smallPicture = two[update] - one[update].peak
      let fixed = one[update].peak - smallPicture
      let largePicture = big[update] - fixed
      // If the large size is that of the run, b · p + c · p² is the measured value, whatever the errors of b and c.
      let c = max(0, (largePicture / q - smallPicture / p) / (q - p))
      let b = largePicture / q - c * q
      return fixed + pictures * (b * pixels + c * pixels * pixels) + otherPictures + otherSums * one[update].gradients
    }
    let others = configuration.training.shardsOptimizer ? moments * Double(processes - 1) / Double(processes) : 0
    return Int((updates.max() ?? 0) - others)
  }

  /// The memory of a run beyond the tensors of its steps, as a fraction of these: scratch buffers, prefetched batches,
  /// validation pictures, checkpoints being written, the heap of the C library.
  ///
  /// With `overhead` and `program`, the estimates for eleven runs from 130 MiB to 2 GiB, of all models except partial
  /// convolutions, were 0.85 to 1.25 times the measured memory; for two runs of less than 90 MiB, 1.8 times.
  static let overhead = 0.25

  /// The memory of the program with its libraries and threads, in bytes.
  static let program = 117 << 20

  /// The bytes per pixel of a batch: red, green, blue, the hole, and the channels of the conditions.
  private static func bytesOfPixel(with conditions: [Condition]) -> Double {
    Double(4 + conditions.reduce(0) { $0 + $1.channels }) * Double(MemoryLayout<Scalar>.stride)
  }

  /// Measures a training step on a blank batch.
  ///
  /// - Parameter pictures: The number of pictures in a micro-batch.
  /// - Returns: For each update of the step, the peak above the memory in use before, and the size of its gradients; and
  ///   the size of the moments of all trained networks. All are in bytes. Updates are kept apart because the one with the
  ///   highest peak on small pictures need not have it on large ones.
  private static func updates(
    _ configuration: TrainingConfiguration, _ phase: RunPhase, pictures: Int, side: Int
  ) throws -> (updates: [(peak: Double, gradients: Double)], moments: Double) {
    let before = MemoryPool.tensors.liveBytes
    MemoryPool.tensors.resetPeak()
    let trial = try TrialSteps(configuration, phase, side: side)
    let leaves = min(2, configuration.training.leaves)
    let count = pictures * leaves
    let batch = InpaintingBatch.blank(count: count, height: side, width: side, conditions: trial.model.conditions)
    var updates: [(peak: Double, gradients: Double)] = []
    try trial.step(RepeatedBatch(batch: batch), leafCount: leaves) { update in
      let gradients = update.gradients.reduce(0) { $0 + $1.count } * MemoryLayout<Scalar>.stride
      updates.append((Double(MemoryPool.tensors.peakBytes - before), Double(gradients)))
      MemoryPool.tensors.resetPeak()
    }
    let trained = trial.model.networks.filter { phase.phase.networks.contains($0.name) }
    let parameters = trained.reduce(0) { $0 + $1.module.parameterCount }
    return (updates, Double(2 * parameters * MemoryLayout<Scalar>.stride))
  }
}

/// A batch source that returns one batch for every request.
private struct RepeatedBatch: BatchSource {
  let batch: InpaintingBatch

  func next() -> DrawnBatch { DrawnBatch(batch) }
}
