import Kernels

/// Buffers of tensors and their accounts.
package typealias MemoryPool = Kernels.MemoryPool

/// The memory of a tensor: contiguous, owned by the tensors that share it, returned to the pool by the last one.
///
/// Nobody writes to it once a tensor made of it has been handed out, except its only owner.
final class Storage: @unchecked Sendable {
  let pointer: Destination
  let count: Int

  /// Memory that is not initialized.
  init(count: Int) {
    self.count = count
    pointer = MemoryPool.tensors.allocate(count)
  }

  deinit { MemoryPool.tensors.deallocate(pointer, count) }
}
