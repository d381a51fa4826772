import Foundation
import Tensors
import Testing

@testable import Training

@Suite struct MemoryEstimateTests {
  /// In a process of its own: other tests' tensors would be counted too.
  @Test func `more pictures and larger ones need more memory`() async {
    await #expect(processExitsWith: .success) {
      let small = try MemoryEstimate(SmallRun().configuration).bytes
      let more = try MemoryEstimate(SmallRun("training.batch_size=64").configuration).bytes
      let larger = try MemoryEstimate(SmallRun("training.batch_size=64", "data.size=256").configuration).bytes
      // Sixty-four times the pixels, and the score matrices grow with their square.
      exit(small < more && (more - small) * 20 < larger - small ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  @Test func `a divided optimizer needs less memory in each of several processes`() async {
    await #expect(processExitsWith: .success) {
      func bytes(_ isDivided: Bool, processes: Int) throws -> Int {
        let changes = ["training.leaves=2", "training.shard_optimizer=\(isDivided)"]
        return try MemoryEstimate(SmallRun(changes).configuration, processes: processes).bytes
      }
      let model = try SmallRun().configuration.model.makeModel(seed: 0)
      let moments = 2 * model.networks.reduce(0) { $0 + $1.module.parameterCount } * MemoryLayout<Scalar>.size
      let isSame = try abs(bytes(true, processes: 1) - bytes(false, processes: 1)) < moments / 8
      let difference = try bytes(false, processes: 2) - bytes(true, processes: 2)
      let saved = Int(Double(difference) / (1 + MemoryEstimate.overhead))
      exit(isSame && abs(saved - moments / 2) < moments / 8 ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  @Test func `of several phases the largest counts`() async {
    await #expect(processExitsWith: .success) {
      func bytes(_ phases: String...) throws -> Int {
        let list = phases.map { #"{"phase": "\#($0)", "steps": 1}"# }.joined(separator: ", ")
        let run = try SmallRun(
          #"model={"name": "partial_convolution", "width": 4, "levels": 3}"#,
          #"losses={"perceptual": 0, "style": 0}"#, "optimizers={}", "training.batch_size=4000", "data.size=64",
          "training.steps=\(phases.count)", "training.phases=[\(list)]")
        return try MemoryEstimate(run.configuration).bytes
      }
      let each = (try bytes("training"), try bytes("fine_tuning"))
      let both = (try bytes("training", "fine_tuning"), try bytes("fine_tuning", "training"))
      let isLargest = [both.0, both.1].allSatisfy { abs($0 - max(each.0, each.1)) < 1 << 22 }
      // Batch statistics are kept on the tape, frozen ones are not.
      exit(isLargest && each.0 - each.1 > 1 << 24 ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }
}
