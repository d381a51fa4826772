import Foundation
import Testing

@testable import Kernels

/// Pools belong to the whole process, so whatever looks at their accounts runs in a process of its own.
@Suite struct MemoryPoolTests {
  @Test func `a released buffer serves the next tensor of nearly the same size`() async {
    await #expect(processExitsWith: .success) {
      let pool = MemoryPool.tensors
      let first = pool.allocate(100_000)
      pool.deallocate(first, 100_000)
      #expect(pool.allocate(100_100) == first)
      // One eighth more is another size.
      #expect(pool.allocate(112_600) != first)
    }
  }

  @Test func `living bytes and the peak are counted, of tensors apart from working buffers`() async {
    await #expect(processExitsWith: .success) {
      let pool = MemoryPool.tensors
      let bytes = pool.liveBytes
      let size = 1_000_000 * MemoryLayout<Scalar>.stride
      pool.resetPeak()
      let buffers = (pool.allocate(1_000_000), pool.allocate(1_000_000))
      #expect(pool.liveBytes >= bytes + 2 * size)
      withScratch(3_000_000) { _ in #expect(pool.liveBytes < bytes + 3 * size) }
      pool.deallocate(buffers.0, 1_000_000)
      pool.deallocate(buffers.1, 1_000_000)
      #expect(pool.liveBytes == bytes)
      #expect(pool.peakBytes >= bytes + 2 * size && pool.peakBytes < bytes + 3 * size)
      pool.resetPeak()
      #expect(pool.peakBytes == bytes)
    }
  }

  @Test func `sizes are rounded up by an eighth at most`() async {
    await #expect(processExitsWith: .success) {
      for count in [17, 100, 1_000, 1_025, 12_345, 65_537, 1_000_001] {
        let before = MemoryPool.tensors.liveBytes
        let buffer = MemoryPool.tensors.allocate(count)
        let taken = MemoryPool.tensors.liveBytes - before
        let needed = count * MemoryLayout<Scalar>.stride
        #expect(taken >= needed)
        #expect(taken <= max(needed + 63, needed + needed / 8))
        MemoryPool.tensors.deallocate(buffer, count)
      }
    }
  }

  @Test(arguments: [0, 1, 15, 17, 1_000, 600_000])
  func `buffers are aligned to a cache line and writable to their end`(count: Int) {
    let tensor = MemoryPool.tensors.allocate(count)
    defer { MemoryPool.tensors.deallocate(tensor, count) }
    withScratch(count) { scratch in
      for buffer in [tensor, scratch] {
        #expect(UInt(bitPattern: buffer) % 64 == 0)
        for i in 0..<count { buffer[i] = 1 }
        #expect((0..<count).reduce(0) { $0 + buffer[$1] } == Scalar(count))
      }
    }
  }

  @Test func `a working buffer serves smaller requests, and nobody else meanwhile`() async {
    await #expect(processExitsWith: .success) {
      let large = withScratch(1_000_000) { $0 }
      withScratch(10) { small in
        #expect(small == large)
        withScratch(10) { #expect($0 != small) }
      }
    }
  }

  /// Ever new sizes must not pile up in the pool: the process would hold their sum, about 20 times the largest.
  @Test func `what is kept is bounded by the most that was in use`() async {
    await #expect(processExitsWith: .success) {
      let largest = 4 << 20
      let before = residentBytes()
      for step in 0..<64 {
        let count = largest - step * (largest / 70)
        let buffer = MemoryPool.tensors.allocate(count)
        for i in stride(from: 0, to: count, by: 512) { buffer[i] = 1 }
        MemoryPool.tensors.deallocate(buffer, count)
      }
      #expect(residentBytes() - before < 4 * largest * MemoryLayout<Scalar>.stride)
    }
  }

  @Test func `a large buffer is made of the pages of released ones of other sizes`() async {
    await #expect(processExitsWith: .success) {
      func scalars(_ mebibytes: Int) -> Int { mebibytes << 20 / MemoryLayout<Scalar>.stride }
      let before = residentBytes()
      let pool = MemoryPool.tensors
      let whole = pool.allocate(scalars(64))
      whole.update(repeating: 1, count: scalars(64))
      pool.deallocate(whole, scalars(64))
      // Pages from the system would hold zeros.
      let parts = [40, 16, 8].map { (memory: pool.allocate(scalars($0)), count: scalars($0)) }
      for part in parts {
        #expect(UnsafeBufferPointer(start: part.memory, count: part.count).allSatisfy { $0 == 1 })
        part.memory.update(repeating: 2, count: part.count)
      }
      #expect(residentBytes() - before < 72 << 20)
      for part in parts { pool.deallocate(part.memory, part.count) }
      let again = pool.allocate(scalars(60))
      #expect(UnsafeBufferPointer(start: again, count: scalars(60)).allSatisfy { $0 == 2 })
    }
  }

  @Test func `working buffers beyond 128 MiB go back to the system`() async {
    await #expect(processExitsWith: .success) {
      let before = residentBytes()
      let size = 96 << 20
      let count = size / MemoryLayout<Scalar>.stride
      withScratch(count) { first in
        withScratch(count) { second in
          for buffer in [first, second] { buffer.update(repeating: 1, count: count) }
        }
      }
      #expect(residentBytes() - before > size * 9 / 10)
      #expect(residentBytes() - before < 140 << 20)
    }
  }
}

/// The memory that this process really occupies.
private func residentBytes() -> Int {
  let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
  return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4_096 : 0
}
