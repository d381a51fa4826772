import Foundation
import Support
import Testing

@testable import Training

@Suite struct SerialThreadTests {
  @Test func `what was begun is done in its order, on one thread`() throws {
    let thread = SerialThread(named: "test")
    let done = Monitor<[Int]>([])
    let pending = (0..<50).map { number in
      thread.begin { () -> pthread_t in
        done.update { $0.append(number) }
        return pthread_self()
      }
    }
    let threads = try pending.map { try $0.value() }
    #expect(done.update { $0 } == Array(0..<50))
    #expect(threads.allSatisfy { $0 == threads[0] && $0 != pthread_self() })
    thread.end()
  }

  @Test func `what fails is thrown to who waits, and the next is done`() throws {
    let thread = SerialThread(named: "test")
    let failing = thread.begin { throw Failure(.data, "broken.") }
    #expect(try thread.perform { 7 } == 7)
    #expect(failure { try failing.value() }?.message == "broken.")
    thread.end()
  }

  @Test func `what was begun before the end is done`() throws {
    let thread = SerialThread(named: "test")
    let last = thread.begin { () -> Int in
      usleep(10_000)
      return 3
    }
    thread.end()
    #expect(try last.value() == 3)
  }
}
