import InpaintingData
import InpaintingModels
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

/// Noise with one hole, a new one each time.
final class NoiseBatches: BatchSource {
  private(set) var count = 0
  private let samples: Int

  init(samples: Int = 2) { self.samples = samples }

  func next() -> DrawnBatch {
    count += 1
    let holes = Tensor(shape: [1, 32, 32, 1]) { elements in
      for index in elements.indices { elements[index] = (8..<12).contains(index / 32) ? 1 : 0 }
    }
    return DrawnBatch(
      InpaintingBatch(images: .noise("batch \(count)", [samples, 32, 32, 3]), holes: holes), secondsWaited: 0.5)
  }
}

/// Keeps what it is told.
private final class Memory: Recorder {
  private(set) var calls: [String] = []
  private(set) var reports: [StepReport] = []
  var onStep: (Int) -> Void = { _ in }

  func runBegan(_ state: TrainingState) { calls.append("run at \(state.step)") }
  func stepBegan() { calls.append("began") }
  func stepEnded(_ report: inout StepReport, _ state: TrainingState) {
    calls.append("ended \(state.step)")
    report.measurements.append(("measured", Double(state.step)))
    reports.append(report)
    onStep(state.step)
  }
  func runEnded(_ state: TrainingState) { calls.append("end at \(state.step)") }
}

/// Trainings without a disk.
@Suite struct TrainingLoopTests {
  private func state(_ changes: String...) throws -> TrainingState {
    try TrainingState(SmallRun(changes).configuration, console: .silent)
  }

  @Test func `a model, batches and recorders in memory are enough to train`() throws {
    let state = try state()
    let (first, second, source) = (Memory(), Memory(), NoiseBatches())
    let before = state.model.networks.flatMap { $0.module.parameters.map(\.value.elements) }
    let loop = TrainingLoop(state, source: source, seed: 0, recorders: [first, second])
    #expect(try loop.run(until: 2) == nil)
    #expect(first.calls == ["run at 0", "began", "ended 1", "began", "ended 2", "end at 2"])
    #expect((state.step, state.batches, source.count) == (2, 2, 2))
    let report = try #require(second.reports.last)
    #expect(
      report.values.map(\.key) == [
        "seconds", "images_per_second", "data_wait_seconds", "discriminator", "real_score", "fake_score", "generator",
        "adversarial", "coarse", "refined", "measured", "measured",
      ])
    #expect(report.images == 2 && report.waited == 0.5 && report.seconds > 0)
    let after = state.model.networks.flatMap { $0.module.parameters.map(\.value.elements) }
    // The bias of the discriminator's scores has no gradient while the hinge is open for all of them.
    #expect(zip(before, after).filter { $0 == $1 }.count <= 1)
    // It goes on from there.
    #expect(try loop.run(until: 3) == nil && state.step == 3)
  }

  @Test func `a batch for each update is counted`() throws {
    let state = try state("training.shared_batch=false")
    let memory = Memory()
    _ = try TrainingLoop(state, source: NoiseBatches(), seed: 0, recorders: [memory]).run(until: 1)
    #expect(state.batches == 2 && memory.reports[0].images == 4 && memory.reports[0].waited == 1)
  }

  @Test func `an interruption ends it after the step, and recorders learn of the end`() throws {
    let (memory, interruption) = (Memory(), Interruption())
    memory.onStep = { if $0 == 2 { interruption.request(15) } }
    let loop = TrainingLoop(try state(), source: NoiseBatches(), seed: 0, recorders: [memory])
    #expect(try loop.run(until: 9, interruption: interruption) == .signal(15))
    #expect(memory.calls.last == "end at 2")
  }

  @Test func `no step begins when the time is up, and what ends a run is told so`() throws {
    let state = try TrainingState(SmallRun().configuration, console: .silent)
    let memory = Memory()
    let loop = TrainingLoop(state, source: NoiseBatches(), seed: 0, recorders: [memory])
    #expect(try loop.run(until: 9, timeLimit: .zero) == .timeIsUp && state.step == 0)
    #expect(memory.calls == ["run at 0", "end at 0"])
    // A run whose last step was made has finished, however long it took; and a signal says more than a clock.
    #expect(try loop.run(until: 0, timeLimit: .zero) == nil)
    let interruption = Interruption()
    interruption.request(15)
    #expect(try loop.run(until: 9, timeLimit: .zero, interruption: interruption) == .signal(15))
    #expect(try loop.run(until: 1, timeLimit: .seconds(600)) == nil && state.step == 1)
  }

  @Test func `what is not finite changes no weight`() throws {
    let state = try state()
    let parameter = state.model.networks[0].module.parameters[0]
    parameter.assign(parameter.value * Scalar.infinity)
    let memory = Memory()
    let other = state.model.networks[1].module.parameters.map(\.value.elements)
    #expect {
      try TrainingLoop(state, source: NoiseBatches(), seed: 0, recorders: [memory]).run(until: 2)
    } throws: {
      ($0 as? TrainingLoop.NotFinite).map { $0.step == 1 && $0.finding.contains("the term `") } ?? false
    }
    #expect(state.step == 0 && memory.calls == ["run at 0", "began"])
    #expect(state.model.networks[1].module.parameters.map(\.value.elements) == other)
  }

  @Test func `an interval is due at its multiples and at the last step`() {
    #expect((1...7).filter(Interval(length: 3, lastStep: 7).isDue) == [3, 6, 7])
    #expect((1...7).filter(Interval(length: 0, lastStep: 7).isDue).isEmpty)
  }
}
