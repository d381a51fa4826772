import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

/// Noise up to a batch that cannot be read.
private final class EndingBatches: BatchSource {
  private let batches = NoiseBatches()
  private let end: Int

  init(before end: Int) { self.end = end }

  func next() throws -> DrawnBatch {
    guard batches.count + 1 < end else { throw Failure(.inputOutput, "batch \(end) is gone") }
    return batches.next()
  }
}

@Suite struct BatchQueueTests {
  private func values(_ state: TrainingState) -> [[Scalar]] {
    state.networks.flatMap { $0.tensors.map(\.value.elements) }
  }

  @Test func `what is drawn ahead comes first, in order, and is drawn once`() throws {
    let source = NoiseBatches()
    let queue = BatchQueue(source)
    try queue.fill(to: 2)
    try queue.fill(to: 2)
    #expect(source.count == 2)
    for number in 1...3 {
      #expect(try queue.next().batch.images.elements == Tensor.noise("batch \(number)", [2, 32, 32, 3]).elements)
    }
    #expect(source.count == 3)
  }

  /// Each update has a batch of its own: the source fails between the two of a step.
  @Test func `a source that fails in the midst of a step leaves the weights of the step before`() throws {
    let configuration = try SmallRun("training.shared_batch=false").configuration
    let whole = try TrainingState(configuration, console: .silent)
    _ = try TrainingLoop(whole, source: NoiseBatches(), seed: 0).run(until: 2)
    let state = try TrainingState(configuration, console: .silent)
    let loop = TrainingLoop(state, source: EndingBatches(before: 6), seed: 0)
    #expect(throws: Failure(.inputOutput, "batch 6 is gone")) { _ = try loop.run(until: 9) }
    #expect((state.step, state.batches, state.isWithinStep) == (2, 4, false))
    #expect(values(state) == values(whole))
  }

  @Test func `of the first step, which is not known to take two, the weights are not saved`() throws {
    let state = try TrainingState(SmallRun("training.shared_batch=false").configuration, console: .silent)
    let loop = TrainingLoop(state, source: EndingBatches(before: 2), seed: 0)
    #expect(throws: Failure.self) { _ = try loop.run(until: 9) }
    #expect(state.step == 0 && state.isWithinStep)
  }
}
