import Foundation
import Testing

@testable import Tensors

/// The pool belongs to the whole process, so whatever looks at its counts runs in a process of its own.
@Suite struct MemoryPoolTests {
  @Test func `a released buffer serves the next tensor of nearly the same size`() async {
    await #expect(processExitsWith: .success) {
      var first: Storage? = Storage(count: 100_000)
      let address = first!.pointer
      first = nil
      let second = Storage(count: 100_100)
      #expect(second.pointer == address)
      // One eighth more is another size.
      let third = Storage(count: 112_600)
      #expect(third.pointer != address)
    }
  }

  @Test func `living bytes, buffers and the peak are counted`() async {
    await #expect(processExitsWith: .success) {
      let (bytes, buffers) = (MemoryPool.liveBytes, MemoryPool.liveBuffers)
      let size = 1_000_000 * MemoryLayout<Scalar>.stride
      MemoryPool.resetPeak()
      do {
        let first = Storage(count: 1_000_000)
        let second = Storage(count: 1_000_000)
        withExtendedLifetime((first, second)) {
          #expect(MemoryPool.liveBuffers == buffers + 2)
          #expect(MemoryPool.liveBytes >= bytes + 2 * size)
        }
      }
      #expect(MemoryPool.liveBuffers == buffers)
      #expect(MemoryPool.liveBytes == bytes)
      #expect(MemoryPool.peakBytes >= bytes + 2 * size)
      MemoryPool.resetPeak()
      #expect(MemoryPool.peakBytes == bytes)
    }
  }

  @Test func `sizes are rounded up by an eighth at most`() async {
    await #expect(processExitsWith: .success) {
      for count in [17, 100, 1_000, 1_025, 12_345, 65_537, 1_000_001] {
        let before = MemoryPool.liveBytes
        let storage = Storage(count: count)
        let taken = MemoryPool.liveBytes - before
        let needed = count * MemoryLayout<Scalar>.stride
        #expect(taken >= needed)
        #expect(taken <= max(needed + 63, needed + needed / 8))
        withExtendedLifetime(storage) {}
      }
    }
  }

  @Test func `buffers are aligned to a cache line`() {
    for count in [0, 1, 17, 1_000, 600_000] {
      #expect(UInt(bitPattern: Storage(count: count).pointer) % 64 == 0)
    }
  }

  /// Ever new sizes must not pile up in the pool: the process would hold their sum, about 20 times the largest.
  @Test func `what is kept is bounded by the most that was in use`() async {
    await #expect(processExitsWith: .success) {
      let largest = 4 << 20
      let before = residentBytes()
      for step in 0..<64 {
        let storage = Storage(count: largest - step * (largest / 70))
        for place in stride(from: 0, to: storage.count, by: 512) { storage.pointer[place] = 1 }
      }
      #expect(residentBytes() - before < 4 * largest * MemoryLayout<Scalar>.stride)
    }
  }

  @Test func `kept buffers go back to the system when asked`() async {
    await #expect(processExitsWith: .success) {
      let size = 96 << 20
      let before = residentBytes()
      do {
        let storage = Storage(count: size / MemoryLayout<Scalar>.stride)
        storage.pointer.update(repeating: 1, count: storage.count)
      }
      #expect(residentBytes() - before > size * 9 / 10)
      MemoryPool.releaseFree()
      #expect(residentBytes() - before < size / 10)
    }
  }
}

/// The memory that this process really occupies.
private func residentBytes() -> Int {
  let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
  return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4_096 : 0
}
