import InpaintingData
import InpaintingModels
import Kernels
import NeuralNetworks
import Support
import Tensors

/// The memory that a run will take, from small steps that are really made.
///
/// A step holds a part that does not depend on the pictures (weights, gradients, moments), a part that grows with the
/// pixels (activations), and one that grows with their square (attention): a + n · (b · p + c · p²) for n pictures of p
/// pixels. Steps with (n, p) = (1, 64²), (2, 64²), or larger pictures if the model needs them, give a; one with the
/// run's own size, n = 1, gives the rest. Pictures larger than 256² are extrapolated from those. Of several phases the
/// largest counts.
///
/// A batch of K leaves takes the activations of one of them, all of its pictures, and the sums of gradients that wait for
/// other leaves. Its small steps have two leaves, so that networks take turns as they will. Of several processes, each
/// takes the pictures and sums of its own leaves, and, where optimizers are divided, its part of the moments.
package struct MemoryEstimate {
  /// The most bytes that will be in use at once.
  package let bytes: Int

  /// - Parameter processes: Those that share the leaves of a batch.
  package init(_ configuration: TrainingConfiguration, processes: Int = 1) throws {
    var phases: [RunPhase] = []
    for phase in configuration.phases where !phases.contains(where: { $0.phase == phase.phase }) {
      phases.append(phase)
    }
    let tensors = try phases.map { try Self.tensorBytes(configuration, $0, processes) }.max() ?? 0
    bytes = Int(Double(tensors + tensors / MemoryPool.slack) * (1 + Self.overhead)) + Self.program
  }

  /// The most bytes of tensors during a phase, of one process.
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
    // Those of two leaves are in what was measured.
    let bytesOfPixel = Self.bytesOfPixel(with: configuration.model.conditions)
    let own = (leaves + processes - 1) / processes
    let otherPictures = Double(max(0, own - 2)) * pictures * pixels * bytesOfPixel
    let otherSums = Double(max(0, TreeSum<LeafValues>.mostKept(leafCount: own) - 1))
    let updates = one.indices.map { update in
      let smallPicture = two[update] - one[update].peak
      let fixed = one[update].peak - smallPicture
      let largePicture = big[update] - fixed
      // Where the large size is the run's own, what c and b are together is measured, and not extrapolated.
      let c = max(0, (largePicture / q - smallPicture / p) / (q - p))
      let b = largePicture / q - c * q
      return fixed + pictures * (b * pixels + c * pixels * pixels) + otherPictures + otherSums * one[update].gradients
    }
    let others = configuration.training.shardsOptimizer ? moments * Double(processes - 1) / Double(processes) : 0
    return Int((updates.max() ?? 0) - others)
  }

  /// The part by which a run takes more than the tensors of its steps: scratch buffers, batches that wait, pictures to
  /// validate on, checkpoints that are written, the heap of the C library.
  ///
  /// With it and `program` the estimates of eleven runs from 130 MiB to 2 GiB, of all models but partial convolutions, were
  /// 0.85 to 1.24 of what they took.
  static let overhead = 0.25

  /// The program itself with its libraries and threads.
  static let program = 117 << 20

  /// Red, green, blue, the hole and the conditions.
  private static func bytesOfPixel(with conditions: [Condition]) -> Double {
    Double(4 + conditions.reduce(0) { $0 + $1.channels }) * Double(MemoryLayout<Scalar>.stride)
  }

  /// The bytes that each update of a step on empty pictures adds to what is in use, and those of its gradients; and the
  /// bytes of all moments. An update that is the largest on small pictures need not be so on large ones.
  ///
  /// - Parameter pictures: The number of pictures of a leaf.
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

/// The same batch again and again.
private struct RepeatedBatch: BatchSource {
  let batch: InpaintingBatch

  func next() -> DrawnBatch { DrawnBatch(batch) }
}
