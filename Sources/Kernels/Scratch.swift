import Glibc
import Synchronization

/// A buffer for the duration of a call, aligned to a cache line, not initialised.
@inline(__always)
func withScratch<Result>(_ count: Int, _ body: (Destination) -> Result) -> Result {
  let buffer = ScratchPool.take(bytes: max(64, count * MemoryLayout<Scalar>.stride))
  defer { ScratchPool.give(buffer) }
  return body(buffer.memory.assumingMemoryBound(to: Scalar.self))
}

/// Keeps working buffers for the next call. The C library would keep them too, but by thread and by the hundred
/// megabytes, and fresh memory costs page faults.
private enum ScratchPool {
  struct Buffer {
    let memory: UnsafeMutableRawPointer
    let bytes: Int
  }

  /// What is kept at most.
  private static let limit = 128 << 20
  private static let kept = Mutex<(buffers: [Buffer], bytes: Int)>(([], 0))

  static func take(bytes: Int) -> Buffer {
    let found = kept.withLock { kept -> Buffer? in
      let fitting = kept.buffers.indices.filter { kept.buffers[$0].bytes >= bytes }
      guard let best = fitting.min(by: { kept.buffers[$0].bytes < kept.buffers[$1].bytes }) else { return nil }
      kept.bytes -= kept.buffers[best].bytes
      return kept.buffers.remove(at: best)
    }
    return found ?? fresh(bytes: (bytes + 4095) / 4096 * 4096)
  }

  static func give(_ buffer: Buffer) {
    let surplus = kept.withLock { kept -> [Buffer] in
      kept.buffers.append(buffer)
      kept.bytes += buffer.bytes
      var surplus: [Buffer] = []
      // The smallest are let go first: a large buffer serves small requests too.
      while kept.bytes > limit,
        let least = kept.buffers.indices.min(by: { kept.buffers[$0].bytes < kept.buffers[$1].bytes })
      {
        kept.bytes -= kept.buffers[least].bytes
        surplus.append(kept.buffers.remove(at: least))
      }
      return surplus
    }
    for buffer in surplus { munmap(buffer.memory, buffer.bytes) }
  }

  private static func fresh(bytes: Int) -> Buffer {
    let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory, memory != MAP_FAILED else { fatalError("out of memory: \(bytes) bytes of working space") }
    // Does nothing for buffers that are smaller than a large page.
    madvise(memory, bytes, MADV_HUGEPAGE)
    return Buffer(memory: memory, bytes: bytes)
  }
}
