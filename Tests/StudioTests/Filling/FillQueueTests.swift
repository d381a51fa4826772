import Foundation
import Synchronization
import Testing

@testable import Studio

@Suite(.timeLimit(.minutes(10))) struct FillQueueTests {
  /// A record of what pieces of work have seen of one another.
  private final class Record: Sendable {
    let state = Mutex((running: 0, most: 0, done: [Int]()))

    func work(_ number: Int) {
      state.withLock { state in
        state.running += 1
        state.most = max(state.most, state.running)
      }
      usleep(2000)
      state.withLock { state in
        state.running -= 1
        state.done.append(number)
      }
    }
  }

  @Test func `work is done one piece after the other`() async throws {
    let queue = FillQueue(limit: 8)
    let record = Record()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<5 { group.addTask { try await queue.run("\(number)") { _ in record.work(number) } } }
      try await group.waitForAll()
    }
    let state = record.state.withLock { $0 }
    #expect(state.most == 1 && state.done.sorted() == Array(0..<5))
    #expect(queue.positions.isEmpty)
  }

  @Test func `a place too many is refused, and comes back when it is given back`() throws {
    let queue = FillQueue(limit: 1)
    var places = [try queue.reserve(), try queue.reserve()]
    #expect(throws: HTTPError.self) { _ = try queue.reserve() }
    places.removeLast()
    places.append(try queue.reserve())
    do { _ = try queue.reserve() } catch { #expect((error as? HTTPError)?.status == 429) }
  }

  @Test func `who leaves is left out, and who is being served is asked to stop`() async throws {
    let queue = FillQueue(limit: 8)
    let (started, wasRun) = (Flag(), Flag())
    let first = Task {
      try await queue.run("first") { job in
        started.set()
        while !job.isCancelled {
          job.progress(1, 3)
          usleep(1000)
        }
        throw CancellationError()
      }
    }
    while !started.isSet { try await Task.sleep(nanoseconds: 1_000_000) }
    let second = Task { try await queue.run("second") { _ in wasRun.set() } }
    while queue.positions.count < 2 { try await Task.sleep(nanoseconds: 1_000_000) }
    #expect(queue.positions.map(\.job) == ["first", "second"])
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    while queue.positions.first?.regions == nil { try await Task.sleep(nanoseconds: 1_000_000) }
    #expect(queue.positions == [FillQueue.Position(job: "first", ahead: 0, regions: (1, 3))])
    first.cancel()
    await #expect(throws: CancellationError.self) { try await first.value }
    #expect(!wasRun.isSet)
  }

  @Test func `who has left before the turn came is never served`() async throws {
    let queue = FillQueue(limit: 8)
    let wasRun = Flag()
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      try await queue.run("gone") { _ in wasRun.set() }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let next = try await queue.run("next") { _ in 3 }
    #expect(next == 3 && !wasRun.isSet)
  }
}
