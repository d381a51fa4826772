/// A way to move bytes between the processes of a run.
///
/// Every call is made by all processes, in the same order, each from one thread, and returns when the bytes are there. An
/// implementation moves bytes and never adds numbers: the order of sums is ours.
package protocol MessagePassing: AnyObject {
  /// The number of this process, 0 ..< count.
  var rank: Int { get }

  /// The number of processes.
  var count: Int { get }

  /// Gives all processes what each of them has.
  ///
  /// - Parameters:
  ///   - counts: The bytes of each process, by rank.
  ///   - all: Gets them in the order of ranks.
  /// - Precondition: Together they are less than 2³¹.
  func allGather(_ own: UnsafeRawBufferPointer, counts: [Int], into all: UnsafeMutableRawBufferPointer)

  /// Gives each process what every other has for it.
  ///
  /// - Parameters:
  ///   - own: The bytes for each process, in the order of ranks, as many as `counts` says.
  ///   - received: Gets the bytes of each process, in the order of ranks, as many as `receivedCounts` says.
  /// - Precondition: Together, sent or received, they are less than 2³¹.
  func allToAll(
    _ own: UnsafeRawBufferPointer, counts: [Int], into received: UnsafeMutableRawBufferPointer, receivedCounts: [Int])

  /// Lets go of the other processes; the last call of each.
  func end()
}
