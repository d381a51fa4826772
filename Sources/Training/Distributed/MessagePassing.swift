/// A transport between the processes of a run, such as MPI.
///
/// Every call is made by all processes, in the same order, each from one thread, and returns when the bytes are there. An
/// implementation moves bytes and never adds numbers: the order of sums is that of `TreeSum` over any transport. Calls cannot
/// fail: where a process has gone, an implementation ends this one, as MPI does.
package protocol MessagePassing: AnyObject {
  /// The number of this process, 0 ..< count.
  var rank: Int { get }

  /// The number of processes.
  var count: Int { get }

  /// An all-gather: the bytes of each process, for all processes.
  ///
  /// - Parameters:
  ///   - counts: The bytes of each process, by rank.
  ///   - all: Gets them in the order of ranks.
  /// - Precondition: Together they are less than 2³¹, MPI's limit.
  func allGather(_ own: UnsafeRawBufferPointer, counts: [Int], into all: UnsafeMutableRawBufferPointer)

  /// An all-to-all: for each process, the bytes that every other has for it.
  ///
  /// - Parameters:
  ///   - own: The bytes for each process, in the order of ranks, as many as `counts` says.
  ///   - received: Gets the bytes of each process, in the order of ranks, as many as `receivedCounts` says.
  /// - Precondition: Together, sent or received, they are less than 2³¹.
  func allToAll(
    _ own: UnsafeRawBufferPointer, counts: [Int], into received: UnsafeMutableRawBufferPointer, receivedCounts: [Int])

  /// Disconnects from the other processes; the last call of each.
  func end()
}
