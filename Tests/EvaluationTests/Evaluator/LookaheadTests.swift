import Foundation
import Synchronization
import Testing

@testable import Evaluation

@Suite struct LookaheadTests {
  @Test(arguments: [1, 3, 8])
  func `items come in their order, whoever made them`(workers: Int) {
    let series = Lookahead(count: 100, workers: workers, capacity: 5) { number in
      // The first of every few is slow.
      if number % 4 == 0 { usleep(500) }
      return number * number
    }
    for number in 0..<100 { #expect(series.next() == number * number) }
    #expect(series.next() == nil)
  }

  @Test func `no more is made ahead than there is room for`() {
    let begun = Mutex(0)
    let series = Lookahead(count: 50, workers: 4, capacity: 3) { number in
      begun.withLock { $0 += 1 }
      return number
    }
    for taken in 0..<50 {
      #expect(begun.withLock { $0 } <= taken + 3)
      #expect(series.next() == taken)
    }
  }

  @Test func `nothing comes after it was stopped`() {
    let series = Lookahead(count: 1000, workers: 2, capacity: 4) { $0 }
    #expect(series.next() == 0)
    series.stop()
    #expect(series.next() == nil)
  }
}
