import Foundation
import Synchronization
import Testing

@testable import Support

struct PipelineTests {
  private struct Stop: Error {}

  @Test(arguments: [(1, 1), (1, 2), (4, 8)])
  func `every item goes through all stages in order`(workers: Int, capacity: Int) throws {
    var computed: [Int] = []
    let finished = try Pipeline.run(
      named: "test", count: 100, workers: workers, capacity: capacity,
      prepare: { number in
        if number % 5 == 0 { usleep(300) }
        return number + 1000
      },
      compute: { number, item in
        computed.append(number)
        return item * 2
      },
      finish: { item in
        if item % 3 == 0 { usleep(300) }
        return item + 1
      })
    #expect(computed == Array(0..<100))
    #expect(finished == (0..<100).map { ($0 + 1000) * 2 + 1 })
  }

  @Test func `one worker finishes in the order of the items`() throws {
    let finished = Mutex<[Int]>([])
    try Pipeline.run(
      named: "test", count: 50, workers: 1, capacity: 3, prepare: { $0 }, compute: { $1 },
      finish: { item in finished.withLock { $0.append(item) } })
    #expect(finished.withLock { $0 } == Array(0..<50))
  }

  @Test func `what compute leaves out is not finished`() throws {
    let finished = try Pipeline.run(
      named: "test", count: 10, workers: 2, capacity: 2, prepare: { $0 }, compute: { $1 % 3 == 0 ? $1 : nil },
      finish: { $0 })
    #expect(finished == [0, 3, 6, 9])
  }

  @Test func `no more waits to be finished than there is room for`() throws {
    let computed = Mutex(0)
    let finished = Mutex(0)
    try Pipeline.run(
      named: "test", count: 40, workers: 2, capacity: 3, prepare: { $0 },
      compute: { number, item in
        #expect(computed.withLock { $0 } - finished.withLock { $0 } <= 3)
        computed.withLock { $0 += 1 }
        return item
      },
      finish: { (item: Int) in
        usleep(200)
        finished.withLock { $0 += 1 }
      })
    #expect(finished.withLock { $0 } == 40)
  }

  @Test func `an error ends the series after what was computed is finished`() {
    let finished = Mutex<[Int]>([])
    let prepared = Atomic(0)
    #expect(throws: Stop.self) {
      try Pipeline.run(
        named: "test", count: 100, workers: 1, capacity: 2,
        prepare: {
          prepared.add(1, ordering: .relaxed)
          return $0
        },
        compute: { number, item -> Int? in if number == 5 { throw Stop() } else { item } },
        finish: { item in finished.withLock { $0.append(item) } })
    }
    #expect(finished.withLock { $0 } == [0, 1, 2, 3, 4])
    #expect(prepared.load(ordering: .relaxed) < 20)
  }
}

struct ConcurrentMapTests {
  @Test(arguments: [0, 1, 3, 40])
  func `values come in the order of their indices, whatever the threads`(threads: Int) {
    for count in [0, 1, 2, 1000] {
      #expect(concurrentMap(count: count, threads: threads) { "\($0)" } == (0..<count).map { "\($0)" })
    }
  }
}
