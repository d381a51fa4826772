import Testing

@testable import Support

struct ConcurrentMapTests {
  @Test(arguments: [0, 1, 3, 40])
  func `values come in the order of their indices, whatever the threads`(threads: Int) {
    for count in [0, 1, 2, 1000] {
      #expect(concurrentMap(count: count, threads: threads) { "\($0)" } == (0..<count).map { "\($0)" })
    }
  }
}
