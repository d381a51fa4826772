import Foundation
import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support
@testable import Training

/// Steps of the same batches in one leaf and in several.
@Suite struct LeavesTests {
  private struct Step {
    let state: TrainingState
    var updates: [NetworkUpdate] = []
  }

  static let models: [String: [String]] = [
    "v2": [],
    "v2, a batch for each update": ["training.shared_batch=false"],
    "v2 with a shift and one hole": [#"model.attention=[{"at": "skip", "kind": "shift"}]"#, "holes.per=batch"],
    "v2 with a shift": [#"model.attention=[{"at": "skip", "kind": "shift"}]"#],
    "v1": v1 + ["training.shared_batch=false"],
    "v1 with a shift": [
      #"model={"name":"deepfill_v1","width":2,"critic_width":2,"attention":[{"at": "skip", "kind": "shift"}]}"#,
      "training.critic_updates=2", "training.shared_batch=true", "optimizers={}",
    ],
    "v1's first stage": v1 + ["training.pretrain_coarse=true"],
    "semantic guidance": semantic,
    "semantic guidance with one hole and weights of classes": semantic + [
      "holes.per=batch", #"losses={"class_weights":[1,2,3,4,5,6,7,8,9,1,2,3,4],"adversarial_loss":"lsgan"}"#,
    ],
    "partial convolution": [
      #"model={"name": "partial_convolution", "width": 4, "levels": 3}"#, "optimizers={}",
      #"losses={"perceptual": 0, "style": 0}"#,
    ],
  ]
  private static let semantic = [
    #"model={"name":"semantic_guidance","width":4,"discriminator_width":2,"classes":"procedural"}"#, "data.labels={}",
  ]
  private static let v1 = [
    #"model={"name":"deepfill_v1","width":2,"critic_width":2}"#, "training.critic_updates=2", "optimizers={}",
  ]

  /// A step on batches of four built-in pictures that changes no parameter.
  private func step(
    _ model: String, leaves: Int, training: Bool = true, communicator: any Communicator = SingleProcess()
  ) throws -> Step {
    let changes = try #require(Self.models[model])
    let configuration = try SmallRun(changes + ["training.average_decay=null"]).configuration
    let data = try TrainingData(
      configuration.data, holes: configuration.holes, conditions: configuration.model.conditions, seed: 0
    ) { _ in }
    let (own, size) = (communicator.leaves(of: leaves), 4 / leaves)
    let loader = data.loader(
      batchSize: 4, share: own.lowerBound * size..<own.upperBound * size, firstBatch: 0
    ) { _ in }
    defer { loader.stop() }
    var step = Step(state: try TrainingState(configuration, console: .silent))
    for network in step.state.model.networks { network.module.setTraining(training) }
    let leafwise = LeafwiseStep(
      randomness: StepRandomness(seed: 0, step: 3), leafCount: leaves,
      source: LoadedBatches(data: data, loader: loader),
      communicator: communicator, buffers: step.state.buffers
    ) { step.updates.append($0) }
    try step.state.model.trainingStep(leafwise)
    return step
  }

  @Test(arguments: models.keys.sorted(), [2, 4])
  func `leaves give the gradients and terms of the whole batch`(_ model: String, _ leaves: Int) throws {
    // Batch statistics are a leaf's own: they are left out here.
    let training = !model.hasPrefix("partial")
    let whole = try step(model, leaves: 1, training: training).updates
    let parts = try step(model, leaves: leaves, training: training).updates
    #expect(whole.map(\.network) == parts.map(\.network))
    for (whole, parts) in zip(whole, parts) {
      #expect(whole.terms.map(\.name) == parts.terms.map(\.name))
      for (whole, parts) in zip(whole.terms, parts.terms) {
        let (whole, found) = (Double(whole.value), Double(parts.value))
        #expect(abs(whole - found) < tolerance(1e-4, 1e-10) * max(1, abs(whole)), "\(parts.name)")
      }
      for (whole, parts) in zip(whole.gradients, parts.gradients) {
        let scale = whole.elements.map { Double(abs($0)) }.max() ?? 0
        #expect(whole.largestDifference(from: parts) <= tolerance(2e-3, 1e-8) * scale + tolerance(1e-6, 1e-12))
      }
    }
  }

  /// Of three processes two have one leaf and one has two: networks take turns in another way there.
  @Test(arguments: models.keys.sorted(), [2, 3, 4])
  func `processes give the gradients, terms and buffers of one, bit for bit`(_ model: String, _ processes: Int) throws {
    let alone = try step(model, leaves: 4)
    // Of two processes everything is one bucket, of others there are buckets that are exchanged on the way back.
    let bucketLength = [2: 1 << 20, 3: 1, 4: 200][processes]
    let steps = inRanks(processes, chunkLength: bucketLength) { try step(model, leaves: 4, communicator: $0) }
    for shared in try steps.map({ try $0.get() }) {
      #expect(shared.updates.map(\.terms) == alone.updates.map(\.terms))
      for (shared, alone) in zip(shared.updates, alone.updates) {
        #expect(areIdentical(shared.gradients, alone.gradients), "\(alone.network)")
      }
      #expect(areIdentical(shared.state.buffers.map(\.value), alone.state.buffers.map(\.value)))
    }
  }

  /// The step written down once more, without leaves.
  @Test func `one leaf is the whole batch, bit for bit`() throws {
    let found = try step("v2", leaves: 1)
    let fresh = try TrainingState(SmallRun("training.average_decay=null").configuration, console: .silent)
    let model = try #require(fresh.model as? DeepFillV2)
    let configuration = try SmallRun().configuration
    let data = try TrainingData(configuration.data, holes: configuration.holes, seed: 0) { _ in }
    let loader = data.loader(batchSize: 4, firstBatch: 0) { _ in }
    defer { loader.stop() }
    let batch = data.tensors(of: try loader.next())
    let tape = Tape(watching: model.generatorParameters)
    let filling = tape.record { model.fill(batch) }
    let discriminator = model.discriminatorUpdate(batch, completed: filling.completed.detached())
    let loss = tape.record { model.generatorLoss(batch, filling) }
    let generator = tape.gradients(of: loss.total)
    #expect(found.updates.map(\.terms) == [discriminator.terms, loss.terms])
    #expect(areIdentical(found.updates[0].gradients, discriminator.gradients))
    #expect(areIdentical(found.updates[1].gradients, generator))
    #expect(areIdentical(found.state.buffers.map(\.value), fresh.buffers.map(\.value)))
  }

  @Test func `power iterations advance once an update, however many leaves it has`() throws {
    let whole = try step("v2", leaves: 1).state.buffers.map(\.value)
    for leaves in [2, 4] {
      #expect(areIdentical(try step("v2", leaves: leaves).state.buffers.map(\.value), whole))
    }
  }

  @Test func `running statistics are means over the leaves`() throws {
    func statistics(_ leaves: Int) throws -> (mean: Tensor, variance: Tensor) {
      let model = try #require(step("partial convolution", leaves: leaves).state.model as? PartialConvolution)
      let normalization = try #require(model.generator.encoder[1].normalization)
      return (normalization.runningMean.value, normalization.runningVariance.value)
    }
    let (whole, parts) = (try statistics(1), try statistics(2))
    // The layer before has no statistics: the mean of means is the mean.
    #expect(whole.mean.elements.contains { abs($0) > 1e-3 })
    #expect(whole.mean.largestDifference(from: parts.mean) < 1e-5)
    // A variance within leaves is less than that of the batch by the variance of the leaves' means, but for the factor
    // n / (n - 1) that makes it unbiased, which is larger in leaves.
    #expect(zip(parts.variance.elements, whole.variance.elements).allSatisfy { $0 < $1 * 1.02 })
    #expect(!areIdentical([parts.variance], [whole.variance]))
  }

  @Test func `frozen statistics stay as they are, whatever their mean would be`() throws {
    let changes = try #require(Self.models["partial convolution"])
    let configuration = try SmallRun(changes + ["training.phase=2"]).configuration
    let state = try TrainingState(configuration, console: .silent)
    let model = try #require(state.model as? PartialConvolution)
    let normalization = try #require(model.generator.encoder[1].normalization)
    // A third of three times a number is not always the number.
    normalization.runningMean.value = .noise("mean", normalization.runningMean.value.shape)
    let before = state.buffers.map(\.value)
    _ = try TrainingLoop(state, source: NoiseBatches(samples: 3), seed: 0, leafCount: 3).run(until: 1)
    let frozen = zip(before, state.buffers).map { areIdentical([$0], [$1.value]) }
    // Two levels of each side are normalized: those of the encoder are frozen.
    #expect(frozen == [true, true, true, true, false, false, false, false])
  }

  @Test func `a step with leaves needs less memory, and the estimate says so`() async {
    await #expect(processExitsWith: .success) {
      func peak(_ leaves: Int) throws -> (measured: Int, estimated: Int) {
        let run = try SmallRun("training.batch_size=16", "training.leaves=\(leaves)", "data.size=64").configuration
        let estimate = try MemoryEstimate(run).bytes
        let data = try TrainingData(run.data, holes: run.holes, seed: 0) { _ in }
        let loader = data.loader(batchSize: 16, firstBatch: 0) { _ in }
        defer { loader.stop() }
        let state = try TrainingState(run, console: .silent)
        MemoryPool.tensors.resetPeak()
        _ = try TrainingLoop(state, source: LoadedBatches(data: data, loader: loader), seed: 0, leafCount: leaves)
          .run(until: 1)
        let tensors = Double(estimate - MemoryEstimate.program) / (1 + MemoryEstimate.overhead)
        return (MemoryPool.tensors.peakBytes, Int(tensors))
      }
      let (one, four) = (try peak(1), try peak(4))
      let isLess = 2 * four.measured < one.measured && 2 * four.estimated < one.estimated
      let isNear = [one, four].allSatisfy { $0.measured < $0.estimated * 5 / 4 && $0.estimated < 2 * $0.measured }
      exit(isLess && isNear ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  private func areIdentical(_ a: [Tensor], _ b: [Tensor]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { TestSupport.areIdentical($0.elements, $1.elements) }
  }
}
