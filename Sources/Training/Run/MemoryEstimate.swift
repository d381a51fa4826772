import InpaintingData
import InpaintingModels
import Kernels
import NeuralNetworks
import Support
import Tensors

/// How much memory a run will take, extrapolated from three small steps that are really made.
///
/// A step holds a part that does not depend on the pictures (weights, gradients, moments), a part that grows with the
/// pixels (activations), and one that grows with their square (attention): a + n · (b · p + c · p²) for n pictures of p
/// pixels. Steps with (n, p) = (1, 64²), (2, 64²) and (1, 128²) give a, b and c, or
/// larger ones if the model needs them.
package struct MemoryEstimate {
  /// The most bytes that will be in use at once.
  package let bytes: Int

  package init(_ configuration: TrainingConfiguration) throws {
    let multiple = configuration.model.sizeMultiple
    let small = (64 + multiple - 1) / multiple * multiple
    let large = 2 * small
    let one = try Self.peaks(configuration, pictures: 1, side: small)
    let two = try Self.peaks(configuration, pictures: 2, side: small)
    let big = try Self.peaks(configuration, pictures: 1, side: large)
    let (p, q) = (Double(small * small), Double(large * large))
    let pixels = Double(configuration.data.size * configuration.data.size)
    let pictures = Double(configuration.training.batchSize)
    let updates = one.indices.map { update in
      let smallPicture = two[update] - one[update]
      let fixed = one[update] - smallPicture
      let largePicture = big[update] - fixed
      let c = max(0, (largePicture / q - smallPicture / p) / (q - p))
      let b = largePicture / q - c * q
      return fixed + pictures * (b * pixels + c * pixels * pixels)
    }
    let tensors = Int(updates.max() ?? 0)
    bytes = tensors + tensors / MemoryPool.slack + Self.program
  }

  /// The program itself, its libraries, its threads' working space and the pictures being loaded.
  private static let program = 200 << 20

  /// The bytes that each update of a step on empty pictures adds to what is in use. One that is the largest on small
  /// pictures need not be so on large ones.
  private static func peaks(_ configuration: TrainingConfiguration, pictures: Int, side: Int) throws -> [Double] {
    let before = MemoryPool.tensors.liveBytes
    MemoryPool.tensors.resetPeak()
    let seed = configuration.training.seed
    let model = configuration.model.resized(toPictures: side).makeModel(seed: seed)
    try model.prepareForTraining()
    let networks = configuration.trainedNetworks(of: model)
    let plane = Tensor.ones([pictures, side, side, 1])
    let batch = InpaintingBatch(
      images: .zeros([pictures, side, side, 3]), holes: plane, guidance: model.usesGuidance ? plane : nil)
    var peaks: [Double] = []
    try model.trainingStep(
      LeafwiseStep(
        randomness: StepRandomness(seed: seed, step: 0), leafCount: 1, source: RepeatedBatch(batch: batch),
        communicator: SingleProcess(), buffers: []
      ) { update in
        networks.first { $0.name == update.network }?.update(update.gradients)
        peaks.append(Double(MemoryPool.tensors.peakBytes - before))
        MemoryPool.tensors.resetPeak()
      })
    return peaks
  }
}

/// The same batch again and again.
private struct RepeatedBatch: BatchSource {
  let batch: InpaintingBatch

  func next() -> DrawnBatch { DrawnBatch(batch) }
}
