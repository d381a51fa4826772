import Foundation
import Synchronization
import Testing

@testable import Support

struct PrefetcherTests {
  private struct Fault: Error, Equatable {
    let number: Int
  }

  @Test(arguments: [1, 3, 8])
  func `items come in their order, whoever made them`(workers: Int) throws {
    let series = Prefetcher(named: "test", count: 100, workers: workers, capacity: 5) { number in
      // The first of every few is slow.
      if number % 4 == 0 { usleep(500) }
      return number * number
    }
    for number in 0..<100 { #expect(try series.next() == number * number) }
    #expect(try series.next() == nil)
  }

  @Test func `an endless series begins at its first number, and is taken some at a time`() throws {
    let series = Prefetcher(named: "test", startingAt: 10, workers: 2, capacity: 3) { $0 }
    #expect(try series.next(3) == [10, 11, 12])
    #expect(try series.next(0) == [])
    #expect(try series.next(2) == [13, 14])
    #expect(try series.next() == 15)
  }

  @Test func `at the end of the series there are fewer than were asked for`() throws {
    let series = Prefetcher(named: "test", startingAt: 5, count: 4, workers: 2, capacity: 3) { $0 }
    #expect(try series.next(3) == [5, 6, 7])
    #expect(try series.next(3) == [8])
    #expect(try series.next(3) == [])
    #expect(try Prefetcher(named: "none", count: 0, workers: 1, capacity: 1) { $0 }.next() == nil)
  }

  @Test func `no more is made ahead than there is room for`() throws {
    let begun = Mutex(0)
    let series = Prefetcher(named: "test", count: 50, workers: 4, capacity: 3) { number in
      begun.withLock { $0 += 1 }
      return number
    }
    for taken in 0..<50 {
      #expect(begun.withLock { $0 } <= taken + 3)
      #expect(try series.next() == taken)
    }
  }

  @Test func `an error comes in its place, and stays`() throws {
    let series = Prefetcher(named: "test", workers: 3, capacity: 4) { number in
      if number >= 5 { throw Fault(number: number) }
      return number
    }
    #expect(try series.next(4) == [0, 1, 2, 3])
    // All or none: the item before the error is not lost.
    for _ in 0..<2 { #expect(throws: Fault(number: 5)) { try series.next(3) } }
    #expect(try series.next() == 4)
    for _ in 0..<2 { #expect(throws: Fault(number: 5)) { try series.next() } }
  }

  @Test func `nothing comes after it was stopped, and nothing is made`() throws {
    let made = Mutex(0)
    let series = Prefetcher(named: "test", count: 1000, workers: 2, capacity: 4) { number in
      made.withLock { $0 += 1 }
      return number
    }
    #expect(try series.next() == 0)
    series.stop()
    let count = made.withLock { $0 }
    series.stop()
    #expect(try series.next() == nil && series.next(3).isEmpty)
    #expect(count <= 5 && made.withLock { $0 } == count)
  }

  @Test func `the threads end when nobody holds it any more`() {
    final class Witness: Sendable {}
    weak var witness: Witness?
    do {
      let held = Witness()
      witness = held
      let series = Prefetcher(named: "test", workers: 2, capacity: 2) { number in (held, number) }
      withExtendedLifetime(series) {}
    }
    // Its threads hold what makes items; a thread lets go of its own shortly after it has ended.
    for _ in 0..<1000 where witness != nil { usleep(1000) }
    #expect(witness == nil)
  }
}
