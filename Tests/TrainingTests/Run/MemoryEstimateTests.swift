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
}
