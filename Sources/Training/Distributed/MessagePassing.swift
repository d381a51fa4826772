/// A transport of bytes between the ranks of a run, such as MPI.
///
/// Calls are collective: all ranks make them in the same order, each from one thread. A call returns when the bytes have
/// arrived. Implementations move bytes and never add numbers, so that the order of additions is that of `TreeSum` with
/// any transport. Calls do not throw: if another process has died, an implementation ends this process, as MPI does.
package protocol MessagePassing: AnyObject {
  /// The rank of this process, 0 ..< count.
  var rank: Int { get }

  /// The number of ranks (the world size).
  var count: Int { get }

  /// Performs an all-gather: all ranks receive the bytes of every rank.
  ///
  /// - Parameters:
  ///   - own: The bytes of this rank.
  ///   - counts: The number of bytes of each rank, by rank.
  ///   - all: Receives the bytes of all ranks, in the order of ranks.
  /// - Precondition: The sum of `counts` is less than 2³¹, MPI's limit.
  func allGather(_ own: UnsafeRawBufferPointer, counts: [Int], into all: UnsafeMutableRawBufferPointer)

  /// Performs an all-to-all: every rank sends different bytes to each rank.
  ///
  /// - Parameters:
  ///   - own: The bytes to send, in the order of the ranks that receive them.
  ///   - counts: The number of bytes for each rank, by rank.
  ///   - received: Receives the bytes for this rank, in the order of the ranks that send them.
  ///   - receivedCounts: The number of bytes from each rank, by rank.
  /// - Precondition: The sum of `counts` and the sum of `receivedCounts` are less than 2³¹.
  func allToAll(
    _ own: UnsafeRawBufferPointer, counts: [Int], into received: UnsafeMutableRawBufferPointer, receivedCounts: [Int])

  /// Disconnects from the other ranks; the last call of every rank.
  func end()
}
