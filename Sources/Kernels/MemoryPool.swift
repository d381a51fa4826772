import Glibc
import Synchronization

/// A pool of released buffers, kept for later requests: the system clears the pages of fresh allocations, and a training
/// step requests the same sizes again and again. The C library would keep them too, but per thread and by the hundred
/// megabytes.
package final class MemoryPool: Sendable {
  /// The buffers of tensors, each reused for its own size, or its pages for another. Free and live buffers together
  /// exceed the peak of live ones by at most 1/`slack`.
  package static let tensors = MemoryPool(.bySize)

  /// The scratch buffers of kernels. A large one serves smaller requests too; at most 128 MiB are kept.
  static let scratch = MemoryPool(.anyFitting(atMost: 128 << 20))

  /// The divisor of the peak that gives the most by which a pool may exceed it.
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
    /// Free buffers by size.
    var free: [Int: [Buffer]] = [:]
    /// The granules of former buffers, which are free too.
    var granules: [UnsafeMutableRawPointer] = []
    var freeBytes = 0
    var liveBytes = 0
    var peakBytes = 0

    /// Removes a free buffer of this size; nil if there is none. Sizes without buffers have no entry.
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

  /// The bytes of all live buffers.
  package var liveBytes: Int { state.withLock { $0.liveBytes } }

  /// The most bytes that were live at once since `resetPeak()`.
  package var peakBytes: Int { state.withLock { $0.peakBytes } }

  package func resetPeak() { state.withLock { $0.peakBytes = $0.liveBytes } }

  /// An uninitialized buffer of `count` scalars, aligned to a cache line.
  package func allocate(_ count: Int) -> Destination { take(count).scalars }

  /// Returns a buffer from `allocate` with the same count to the pool.
  package func deallocate(_ pointer: Destination, _ count: Int) {
    give(Buffer(memory: pointer, bytes: roundedSize(count)))
  }

  func take(_ count: Int) -> Buffer {
    let size = roundedSize(count)
    let (kept, surplus) = state.withLock { state -> (Buffer?, Surplus) in
      let kept = fittingSize(size, in: state).flatMap { state.remove(size: $0) }
      state.liveBytes += kept?.bytes ?? size
      state.peakBytes = max(state.peakBytes, state.liveBytes)
      return (kept, kept == nil ? trim(&state, granules: isPaged(size) ? size / MemoryPages.granule : 0) : Surplus())
    }
    return kept ?? fresh(size, from: surplus)
  }

  func give(_ buffer: Buffer) {
    let surplus = state.withLock { state -> Surplus in
      state.liveBytes -= buffer.bytes
      state.free[buffer.bytes, default: []].append(buffer)
      state.freeBytes += buffer.bytes
      // In a pool by size the limit is on free and live buffers together, whose sum has not changed.
      if case .bySize = reuse { return Surplus() }
      return trim(&state)
    }
    surplus.buffers.forEach(Self.release)
  }

  /// The size of the free buffers that fit a request best; nil if there are none.
  private func fittingSize(_ size: Int, in state: State) -> Int? {
    switch reuse {
    case .bySize: size
    case .anyFitting: state.free.keys.lazy.filter { $0 >= size }.min()
    }
  }

  /// The free memory beyond the limit, which a new buffer may be made of.
  private struct Surplus {
    var buffers: [Buffer] = []
    var granules: [UnsafeMutableRawPointer] = []
  }

  /// Removes the free memory beyond the limit. In a pool by size the largest buffers go first, because they are the
  /// fewest to be requested again; in the other pool the smallest go first.
  ///
  /// - Parameter wanted: The number of granules to remove in any case, if there are any.
  private func trim(_ state: inout State, granules wanted: Int = 0) -> Surplus {
    let limit = limit(in: state)
    var surplus = Surplus()
    while state.freeBytes > limit || surplus.granules.count < wanted, let granule = state.granules.popLast() {
      state.freeBytes -= MemoryPages.granule
      surplus.granules.append(granule)
    }
    while state.freeBytes > limit {
      let size: Int? =
        switch reuse {
        case .bySize: state.free.keys.max()
        case .anyFitting: state.free.keys.min()
        }
      guard let size, let buffer = state.remove(size: size) else { break }
      surplus.buffers.append(buffer)
    }
    return surplus
  }

  /// The most bytes that may be free.
  private func limit(in state: State) -> Int {
    switch reuse {
    case .bySize: state.peakBytes + state.peakBytes / Self.slack - state.liveBytes
    case .anyFitting(let most): most
    }
  }

  /// The bytes of a buffer of `count` scalars, rounded up: by size in steps of at most an eighth, so that nearly equal
  /// requests share buffers, otherwise to whole pages.
  private func roundedSize(_ count: Int) -> Int {
    let bytes = max(64, count * MemoryLayout<Scalar>.stride)
    let power = 1 << (Int.bitWidth - (bytes - 1).leadingZeroBitCount)
    let step =
      switch reuse {
      case .bySize: max(bytes < Self.pagedSize ? 64 : MemoryPages.granule, power / 16)
      case .anyFitting: 4096
      }
    return (bytes + step - 1) / step * step
  }

  /// Buffers of at least this size are memory mappings of their own, so that releasing them returns memory to the
  /// system.
  private static let mappingSize = 1 << 20

  /// Tensors' buffers of at least this size consist of granules.
  private static let pagedSize = 4 << 20

  /// A new buffer, of the pages of surplus memory as far as possible. What is left over is kept up to the limit.
  private func fresh(_ size: Int, from surplus: Surplus) -> Buffer {
    var granules = surplus.granules
    for buffer in surplus.buffers {
      if isPaged(buffer.bytes) {
        granules += MemoryPages.granules(of: buffer.memory, buffer.bytes)
      } else {
        Self.release(buffer)
      }
    }
    let memory: UnsafeMutableRawPointer?
    if isPaged(size) {
      memory = MemoryPages.block(size, from: &granules)
    } else if size >= Self.mappingSize {
      memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      if let memory, memory != MAP_FAILED { madvise(memory, size, MADV_HUGEPAGE) }
    } else {
      memory = aligned_alloc(64, size)
    }
    keep(granules)
    guard let memory, memory != MAP_FAILED else {
      fatalError("out of memory: \(size) bytes beside \(Self.tensors.liveBytes) bytes of tensors")
    }
    return Buffer(memory: memory, bytes: size)
  }

  /// Keeps as many granules as the limit allows for later buffers, and releases the others.
  private func keep(_ granules: [UnsafeMutableRawPointer]) {
    guard !granules.isEmpty else { return }
    let kept = state.withLock { state -> Int in
      let room = max(0, limit(in: state) - state.freeBytes) / MemoryPages.granule
      let kept = min(room, granules.count)
      state.granules += granules.prefix(kept)
      state.freeBytes += kept * MemoryPages.granule
      return kept
    }
    MemoryPages.release(granules.dropFirst(kept))
  }

  private func isPaged(_ size: Int) -> Bool {
    if case .bySize = reuse { size >= Self.pagedSize } else { false }
  }

  private static func release(_ buffer: Buffer) {
    if buffer.bytes >= mappingSize { munmap(buffer.memory, buffer.bytes) } else { free(buffer.memory) }
  }
}

/// Calls `body` with an uninitialized scratch buffer of `count` scalars, aligned to a cache line.
@inline(__always)
func withScratch<Result>(_ count: Int, _ body: (Destination) -> Result) -> Result {
  let buffer = MemoryPool.scratch.take(count)
  defer { MemoryPool.scratch.give(buffer) }
  return body(buffer.scalars)
}
