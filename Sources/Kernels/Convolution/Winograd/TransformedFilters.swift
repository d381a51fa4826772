import Synchronization

/// Filters transformed for Winograd's products, kept from one convolution to the next: a network that fills pictures
/// transforms its filters once.
///
/// It belongs to the weights, and must be dropped with them or when they change.
package final class TransformedFilters: Sendable {
  private let kept = Mutex<[WinogradFilter: TransformedFilter]>([:])

  package init() {}

  /// The filter that `make` writes, or wrote at an earlier call.
  func filter(_ filter: WinogradFilter, make: (Destination) -> Void) -> TransformedFilter {
    if let known = kept.withLock({ $0[filter] }) { return known }
    let made = TransformedFilter(length: filter.length)
    make(made.memory)
    kept.withLock { $0[filter] = made }
    return made
  }
}

/// One transformed filter, aligned like all buffers of the kernels.
final class TransformedFilter: @unchecked Sendable {
  let memory: Destination

  init(length: Int) {
    let bytes = max(1, length) * MemoryLayout<Scalar>.stride
    memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64).assumingMemoryBound(to: Scalar.self)
  }

  deinit { memory.deallocate() }
}
