import Glibc
import Synchronization

/// Keeps released buffers for the next request: fresh large allocations cost a page fault every 4 KiB, and a training step
/// asks for the same sizes again and again. The C library would keep them too, but by thread and by the hundred megabytes.
package final class MemoryPool: Sendable {
  /// Buffers of tensors, each reused for its own size alone. Kept and living ones together never exceed the most that
  /// lived at once by more than the `slack`-th part of it.
  package static let tensors = MemoryPool(.bySize)

  /// Working buffers of kernels. A large one serves smaller requests too; at most 128 MiB are kept.
  static let scratch = MemoryPool(.anyFitting(atMost: 128 << 20))

  /// The part of the most that was in use by which a pool may exceed it.
  package static let slack = 32

  private enum Reuse: Sendable {
    case bySize
    case anyFitting(atMost: Int)
  }

  struct Buffer: @unchecked Sendable {
    let memory: UnsafeMutableRawPointer
    let bytes: Int

    var scalars: Destination { memory.assumingMemoryBound(to: Scalar.self) }
  }

  private struct State {
    /// Kept buffers by their sizes.
    var free: [Int: [Buffer]] = [:]
    var freeBytes = 0
    var liveBytes = 0
    var peakBytes = 0

    /// A kept buffer of this size; nil if there is none. No size stays without a buffer.
    mutating func remove(size: Int) -> Buffer? {
      guard let buffer = free[size]?.popLast() else { return nil }
      if free[size]?.isEmpty ?? true { free[size] = nil }
      freeBytes -= size
      return buffer
    }
  }

  private let reuse: Reuse
  private let state = Mutex(State())

  private init(_ reuse: Reuse) { self.reuse = reuse }

  /// Bytes of all living buffers.
  package var liveBytes: Int { state.withLock { $0.liveBytes } }

  /// The most bytes that lived at once since `resetPeak()`.
  package var peakBytes: Int { state.withLock { $0.peakBytes } }

  package func resetPeak() { state.withLock { $0.peakBytes = $0.liveBytes } }

  /// A buffer for so many numbers, aligned to a cache line, not initialized.
  package func allocate(_ count: Int) -> Destination { take(count).scalars }

  /// Takes back what `allocate` gave for the same count.
  package func deallocate(_ pointer: Destination, _ count: Int) {
    give(Buffer(memory: pointer, bytes: roundedSize(count)))
  }

  func take(_ count: Int) -> Buffer {
    let size = roundedSize(count)
    let (kept, surplus) = state.withLock { state -> (Buffer?, [Buffer]) in
      let kept = fittingSize(size, in: state).flatMap { state.remove(size: $0) }
      state.liveBytes += kept?.bytes ?? size
      state.peakBytes = max(state.peakBytes, state.liveBytes)
      return (kept, kept == nil ? trim(&state) : [])
    }
    surplus.forEach(Self.release)
    return kept ?? fresh(size)
  }

  func give(_ buffer: Buffer) {
    let surplus = state.withLock { state -> [Buffer] in
      state.liveBytes -= buffer.bytes
      state.free[buffer.bytes, default: []].append(buffer)
      state.freeBytes += buffer.bytes
      // By size, the limit holds for kept and living buffers together, whose sum is as it was.
      if case .bySize = reuse { return [] }
      return trim(&state)
    }
    surplus.forEach(Self.release)
  }

  /// The size of the kept buffers that serve a request best; nil if there are none.
  private func fittingSize(_ size: Int, in state: State) -> Int? {
    switch reuse {
    case .bySize: size
    case .anyFitting: state.free.keys.lazy.filter { $0 >= size }.min()
    }
  }

  /// Takes out what is kept beyond the limit: of buffers by size the largest first, which are the fewest to be asked for
  /// again; of those that serve any request the smallest.
  private func trim(_ state: inout State) -> [Buffer] {
    let limit =
      switch reuse {
      case .bySize: state.peakBytes + state.peakBytes / Self.slack - state.liveBytes
      case .anyFitting(let most): most
      }
    var surplus: [Buffer] = []
    while state.freeBytes > limit {
      let size: Int? =
        switch reuse {
        case .bySize: state.free.keys.max()
        case .anyFitting: state.free.keys.min()
        }
      guard let size, let buffer = state.remove(size: size) else { break }
      surplus.append(buffer)
    }
    return surplus
  }

  /// Bytes of a buffer for so many numbers: by size in steps of at most an eighth, so that nearly equal requests share
  /// buffers, otherwise in whole pages.
  private func roundedSize(_ count: Int) -> Int {
    let bytes = max(64, count * MemoryLayout<Scalar>.stride)
    let power = 1 << (Int.bitWidth - (bytes - 1).leadingZeroBitCount)
    let step =
      switch reuse {
      case .bySize: max(64, power / 16)
      case .anyFitting: 4096
      }
    return (bytes + step - 1) / step * step
  }

  /// Buffers from this size on are mappings of their own: given back, they really leave the process.
  private static let mappingSize = 1 << 20

  private func fresh(_ size: Int) -> Buffer {
    let memory: UnsafeMutableRawPointer?
    if size >= Self.mappingSize {
      memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    } else {
      memory = aligned_alloc(64, size)
    }
    guard let memory, memory != MAP_FAILED else {
      fatalError("out of memory: \(size) bytes beside \(Self.tensors.liveBytes) bytes of tensors")
    }
    if size >= Self.mappingSize { madvise(memory, size, MADV_HUGEPAGE) }
    return Buffer(memory: memory, bytes: size)
  }

  private static func release(_ buffer: Buffer) {
    if buffer.bytes >= mappingSize { munmap(buffer.memory, buffer.bytes) } else { free(buffer.memory) }
  }
}

/// A buffer for the duration of a call, aligned to a cache line, not initialized.
@inline(__always)
func withScratch<Result>(_ count: Int, _ body: (Destination) -> Result) -> Result {
  let buffer = MemoryPool.scratch.take(count)
  defer { MemoryPool.scratch.give(buffer) }
  return body(buffer.scalars)
}
