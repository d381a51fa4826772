import InpaintingData
import Tensors
import Testing

@testable import Support
@testable import Training

@Suite struct BenchmarkOptionsTests {
  private func configuration(_ change: (inout BenchmarkOptions) throws -> Void = { _ in }) throws
    -> TrainingConfiguration
  {
    var options = BenchmarkOptions()
    try change(&options)
    var json = try JSONValue(
      parsing: Array(SmallRun.json.utf8), as: .configuration, source: "small.json", kind: .configuration)
    try JSONOverride(parsing: #"holes={"kind": "box", "height": 32, "width": 32}"#).apply(to: &json)
    return try TrainingConfiguration(options.apply(to: json), source: "small.json")
  }

  @Test func `nothing is written or validated on the way, and batches have four pictures`() throws {
    let usual = try configuration()
    #expect(usual.training.batchSize == 4)
    #expect(usual.data.size == 32)
    #expect(usual.training.steps == 7)
    let run = usual.training
    #expect([run.checkpointEvery, run.sampleEvery, run.validateEvery, usual.data.validationCount] == [0, 0, 0, 0])
    let best = try configuration { $0.overrides = [try JSONOverride(parsing: "training.keep_best=psnr")] }
    #expect(best.training.keepBest == nil)
  }

  @Test func `of several phases the first is measured`() throws {
    let phases: JSONValue = [["phase": "fine_tuning", "steps": 3], ["phase": "training", "steps": 4]]
    for list in [phases, nil] {
      var json: JSONValue = [
        "model": ["name": "partial_convolution", "levels": 3], "training": ["steps": 7, "phases": list],
      ]
      json = try BenchmarkOptions().apply(to: json)
      let found = try TrainingConfiguration(
        JSONValue((json.members ?? []).map { ($0.key, $0.value) } + [("holes", ["kind": "box"])]), source: "test")
      #expect(found.phases.map(\.name) == [list == nil ? "training" : "fine_tuning"])
      #expect(found.phases.map(\.steps) == [0..<7] && found.training.steps == 7)
    }
  }

  @Test func `options replace what the configuration says`() throws {
    let changed = try configuration {
      $0.batch = 3
      $0.size = 64
      $0.threads = 2
      $0.steps = 9
      $0.overrides = [try JSONOverride(parsing: "training.convolution=exact")]
    }
    #expect(changed.training.batchSize == 3 && changed.data.size == 64)
    #expect(changed.training.threads == 2 && changed.training.steps == 11)
    #expect(changed.training.convolution == .exact)
  }

  /// The configuration's box has 32 pixels and would not fit.
  @Test func `holes fit into pictures of another size, unless others are named`() throws {
    #expect(try configuration { $0.size = 16 }.holes.shapes == .box(.init(pictureSize: 16)))
    let named = try configuration {
      $0.size = 16
      $0.overrides = [try JSONOverride(parsing: #"holes={"kind": "box", "height": 4, "width": 4}"#)]
    }
    #expect(named.holes.shapes != .box(.init(pictureSize: 16)))
  }

  @Test func `a quick benchmark is small, unless an option says more`() throws {
    let quick = try configuration { $0.isQuick = true }
    #expect(quick.training.batchSize == 2 && quick.data.size == 64 && quick.training.steps == 3)
    let larger = try configuration {
      $0.isQuick = true
      $0.batch = 5
      $0.steps = 4
    }
    #expect(larger.training.batchSize == 5 && larger.training.steps == 5)
  }

  @Test(arguments: [0, -1, .max]) func `steps must be a number that can be made`(steps: Int) {
    #expect(failure { _ = try configuration { $0.steps = steps } }?.kind == .usage)
  }

  @Test func `a size that the model cannot have is refused by its flag`() {
    let failure = failure { _ = try configuration { $0.size = 50 } }
    #expect(failure?.kind == .configuration)
    #expect(failure?.message.contains("size") == true && failure?.message.contains("multiple of 8") == true)
  }
}
