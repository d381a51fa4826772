import Kernels
import Synchronization

/// The memory of a tensor: contiguous, owned by the tensors that share it, returned to the pool by the last one.
///
/// Nobody writes to it once a tensor made of it has been handed out, except its only owner.
final class Storage: @unchecked Sendable {
  let pointer: Destination
  let count: Int
  private let transformed = Mutex<TransformedFilters?>(nil)

  /// Memory that is not initialised.
  init(count: Int) {
    self.count = count
    pointer = MemoryPool.allocate(count)
  }

  /// What convolutions with these values as their filter keep for the next ones.
  var transformedFilters: TransformedFilters {
    transformed.withLock { transformed in
      let filters = transformed ?? TransformedFilters()
      transformed = filters
      return filters
    }
  }

  /// To be called before the values change.
  func forgetTransformedFilters() { transformed.withLock { $0 = nil } }

  deinit { MemoryPool.deallocate(pointer, count) }
}
