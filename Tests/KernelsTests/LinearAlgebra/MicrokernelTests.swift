import TestSupport
import Testing

@testable import Kernels

@Suite struct LanesTests {
  @Test(arguments: 0...25)
  func `eights cover every number and nothing else`(total: Int) {
    var visits = [Int](repeating: 0, count: total)
    forEachEight(of: total) { first, count in
      #expect(count == min(8, total))
      for place in first..<first + count { visits[place] += 1 }
    }
    #expect(visits.allSatisfy { $0 == 1 || $0 == 2 })
    // Only the last two eights share numbers.
    #expect(visits.filter { $0 == 2 }.count == (total < 8 ? 0 : (8 - total % 8) % 8))
  }

  @Test(arguments: 0...8)
  func `a few numbers are loaded with zeros behind them and stored alone`(count: Int) {
    let numbers = wave(12)
    let lanes = numbers.withUnsafeBufferPointer { $0.baseAddress!.lanes(3, count: count) }
    for lane in 0..<8 { #expect(lanes[lane] == (lane < count ? numbers[3 + lane] : 0)) }
    let stored = output(12) { $0.store(lanes, 2, count: count) }
    for place in 0..<12 {
      let isWritten = place >= 2 && place < 2 + count
      #expect(isWritten ? stored[place] == numbers[place + 1] : stored[place].isNaN)
    }
  }
}
