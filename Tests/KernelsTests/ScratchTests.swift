import Testing

@testable import Kernels

@Suite struct ScratchTests {
  @Test(arguments: [0, 1, 15, 17, 1000])
  func `scratch memory is aligned to a cache line and writable to its end`(count: Int) {
    let (address, sum) = withScratch(count) { memory in
      for i in 0..<count { memory[i] = 1 }
      return (UInt(bitPattern: memory), (0..<count).reduce(0) { $0 + memory[$1] })
    }
    #expect(address % 64 == 0)
    #expect(sum == Scalar(count))
  }
}
