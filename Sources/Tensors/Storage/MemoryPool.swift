import Glibc
import Kernels
import Synchronization

/// Keeps released buffers for the next tensor of the same size: fresh large allocations cost a page fault every 4 KiB,
/// and a training step asks for the same sizes again and again.
///
/// What is kept never makes the whole larger than the most that was in use at once by more than a thirty-second.
package enum MemoryPool {
  private struct Block: @unchecked Sendable {
    let memory: UnsafeMutableRawPointer
  }

  private struct State: ~Copyable {
    var free: [Int: [Block]] = [:]
    var freeBytes = 0
    var liveBytes = 0
    var liveBuffers = 0
    var peakBytes = 0
  }

  private static let state = Mutex(State())

  /// What is kept may exceed the most that was in use by this part of it.
  package static let slack = 32

  /// Bytes of all living tensors.
  package static var liveBytes: Int { state.withLock { $0.liveBytes } }

  /// The number of living buffers; equal before and after anything that leaks nothing.
  package static var liveBuffers: Int { state.withLock { $0.liveBuffers } }

  /// The most bytes that lived at once since `resetPeak()`.
  package static var peakBytes: Int { state.withLock { $0.peakBytes } }

  package static func resetPeak() { state.withLock { $0.peakBytes = $0.liveBytes } }

  /// Gives the kept buffers back to the system.
  package static func releaseFree() { state.withLock { release(&$0, untilAtMost: 0) } }

  static func allocate(_ count: Int) -> Destination {
    let size = roundedSize(count)
    let kept = state.withLock { state -> Block? in
      state.liveBytes += size
      state.liveBuffers += 1
      state.peakBytes = max(state.peakBytes, state.liveBytes)
      if let kept = state.free[size]?.popLast() {
        state.freeBytes -= size
        return kept
      }
      release(&state, untilAtMost: max(0, state.peakBytes + state.peakBytes / slack - state.liveBytes))
      return nil
    }
    return (kept?.memory ?? fresh(size)).assumingMemoryBound(to: Scalar.self)
  }

  static func deallocate(_ pointer: Destination, _ count: Int) {
    let size = roundedSize(count)
    let block = Block(memory: pointer)
    state.withLock { state in
      state.liveBytes -= size
      state.liveBuffers -= 1
      state.free[size, default: []].append(block)
      state.freeBytes += size
    }
  }

  /// Sizes in steps of at most an eighth, so that nearly equal tensors share buffers.
  private static func roundedSize(_ count: Int) -> Int {
    let bytes = max(64, count * MemoryLayout<Scalar>.stride)
    let step = max(64, (bytes.nextPowerOfTwo / 16))
    return (bytes + step - 1) / step * step
  }

  /// From this size on, buffers are mappings of their own: given back, they really leave the process.
  private static let mappingSize = 1 << 20

  private static func fresh(_ size: Int) -> UnsafeMutableRawPointer {
    let memory: UnsafeMutableRawPointer?
    if size >= mappingSize {
      memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    } else {
      memory = aligned_alloc(64, size)
    }
    guard let memory, memory != MAP_FAILED else {
      fatalError("out of memory: a tensor of \(size) bytes beside \(liveBytes) bytes of others")
    }
    if size >= mappingSize { madvise(memory, size, MADV_HUGEPAGE) }
    return memory
  }

  /// Frees the largest kept buffers first: they are the fewest to be asked for again.
  private static func release(_ state: inout State, untilAtMost limit: Int) {
    while state.freeBytes > limit, let size = state.free.keys.max() {
      while state.freeBytes > limit, let block = state.free[size]?.popLast() {
        if size >= mappingSize { munmap(block.memory, size) } else { Glibc.free(block.memory) }
        state.freeBytes -= size
      }
      if state.free[size]?.isEmpty ?? true { state.free[size] = nil }
    }
  }
}

extension Int {
  /// The smallest power of two that is not less.
  fileprivate var nextPowerOfTwo: Int {
    self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
  }
}
