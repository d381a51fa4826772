/// The processes that train one model together, as each of them sees it.
///
/// Every process has the same weights and computes some leaves of every batch. What they have to tell each other are the
/// sums over these, and when to stop; both come out the same everywhere. All calls are made in the same order by all.
package protocol Communicator {
  /// The number of this process, 0 ..< count.
  var rank: Int { get }

  /// The number of processes.
  var count: Int { get }

  /// The sum over the leaves of all processes, in the order of `TreeSum`.
  ///
  /// - Parameter own: The sum over the leaves of this process.
  func total(_ own: TreeSum<LeafValues>, of leafCount: Int) throws -> LeafValues

  /// The signal that all stop at; nil if they go on.
  ///
  /// - Parameter own: The signal that this process was sent.
  func agreed(onSignal own: Int32?) throws -> Int32?
}

extension Communicator {
  /// The leaves of a batch that this process computes: as many as any other, or one more or less.
  func leaves(of leafCount: Int) -> Range<Int> {
    leafCount * rank / count..<leafCount * (rank + 1) / count
  }
}

/// A process that trains alone.
package struct SingleProcess: Communicator {
  package let rank = 0
  package let count = 1

  package init() {}

  package func total(_ own: TreeSum<LeafValues>, of leafCount: Int) -> LeafValues { own.total(of: leafCount) }

  package func agreed(onSignal own: Int32?) -> Int32? { own }
}
