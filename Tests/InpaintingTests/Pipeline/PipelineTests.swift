import Synchronization
import Testing

@testable import Inpainting

struct PipelineTests {
  private struct Stop: Error {}

  @Test func `every item goes through all stages in order`() throws {
    let finished = Mutex<[Int]>([])
    try Pipeline.run(
      Array(0..<100), prepare: { $0 + 1000 }, compute: { $0 * 2 },
      finish: { item in finished.withLock { $0.append(item) } })
    #expect(finished.withLock { $0 } == (0..<100).map { ($0 + 1000) * 2 })
  }

  @Test func `what compute leaves out is not finished`() throws {
    let finished = Mutex<[Int]>([])
    try Pipeline.run(
      Array(0..<10), prepare: { $0 }, compute: { $0 % 3 == 0 ? $0 : nil },
      finish: { item in finished.withLock { $0.append(item) } })
    #expect(finished.withLock { $0 } == [0, 3, 6, 9])
  }

  @Test func `an error ends the series after what was computed is finished`() {
    let finished = Mutex<[Int]>([])
    let prepared = Atomic(0)
    #expect(throws: Stop.self) {
      try Pipeline.run(
        Array(0..<100),
        prepare: {
          prepared.add(1, ordering: .relaxed)
          return $0
        },
        compute: { if $0 == 5 { throw Stop() } else { $0 } },
        finish: { item in finished.withLock { $0.append(item) } })
    }
    #expect(finished.withLock { $0 } == [0, 1, 2, 3, 4])
    #expect(prepared.load(ordering: .relaxed) < 20)
  }
}
