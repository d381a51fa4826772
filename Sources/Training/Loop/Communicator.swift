import Support
package import Tensors

/// A process group for data-parallel training, as each rank sees it.
///
/// Every rank has the same weights and computes some of the micro-batches (leaves) of every batch. Ranks exchange the sums
/// of gradients over micro-batches, the decision to stop, and the data that rank 0 writes. As with MPI, calls are
/// collective: all ranks make the same calls in the same order, each from one thread.
package protocol Communicator: Sendable {
  /// The rank of this process, 0 ..< count. Rank 0 alone writes files and prints.
  var rank: Int { get }

  /// The number of ranks (the world size).
  var count: Int { get }

  /// The least number of elements of a gradient bucket, which is all-reduced by itself.
  var bucketLength: Int { get }

  /// Begins an asynchronous all-reduce: the sum over the micro-batches of all ranks, added in the order of `TreeSum`.
  ///
  /// - Parameters:
  ///   - own: The sum over the micro-batches of this rank.
  ///   - leafCount: The number of micro-batches of all ranks.
  /// - Returns: A function that waits for the sum and returns it, to be called once. It throws as `allGather`.
  func beginAllReduce(_ own: consuming TreeSum<LeafValues>, of leafCount: Int) -> () throws -> LeafValues

  /// Completes a flat array on all ranks by an all-gather: each rank contributes its `segment` and receives the others'.
  ///
  /// - Parameters:
  ///   - count: The number of elements of the array.
  ///   - copy: Copies a range of this rank's segment into the buffer that is sent.
  ///   - replace: Stores a range of another rank's segment that was received.
  /// - Throws: As `allGather`.
  func allGather(
    count: Int, copy: @escaping (Range<Int>, UnsafeMutableBufferPointer<Scalar>) -> Void,
    replace: @escaping (Range<Int>, UnsafeBufferPointer<Scalar>) -> Void) throws

  /// Performs an all-gather of bytes, of any number on each rank.
  ///
  /// - Returns: The bytes of every rank, in the order of ranks.
  /// - Throws: The `Failure` with which another rank has ended.
  func allGather(_ own: [UInt8]) throws -> [[UInt8]]

  /// Returns the time that this rank has waited in all-reduces and all-gathers of tensors since the last call, and resets
  /// it.
  func takeWait() -> ExchangeWait

  /// Reports a failure of this rank to the others, whichever call they are in.
  ///
  /// - Returns: The failure with which all ranks end: that of the lowest rank that has reported one.
  func settled(on own: Failure) -> Failure

  /// Waits until all ranks have finished, and disconnects; the last call.
  ///
  /// - Throws: The `Failure` with which another rank has ended.
  func end() throws
}

extension Communicator {
  package var isFirst: Bool { rank == 0 }

  /// The range of a flat array of `length` elements that belongs to a rank. Lengths of two ranks differ by one at most.
  func segment(of length: Int, rank: Int) -> Range<Int> { length * rank / count..<length * (rank + 1) / count }

  /// The micro-batches of a batch that this rank computes.
  func leaves(of leafCount: Int) -> Range<Int> { segment(of: leafCount, rank: rank) }

  /// Performs a blocking all-reduce: the sum over the micro-batches of all ranks.
  ///
  /// - Throws: As `allGather`.
  func allReduce(_ own: consuming TreeSum<LeafValues>, of leafCount: Int) throws -> LeafValues {
    try beginAllReduce(own, of: leafCount)()
  }

  /// Runs `body`, followed by a barrier: if it fails on one rank, all ranks fail at the barrier.
  func withBarrier<Result>(_ body: () throws -> Result) throws -> Result {
    let result = try body()
    _ = try allGather([])
    return result
  }

  /// Broadcasts bytes from rank 0 to all ranks.
  ///
  /// - Parameter body: Makes the bytes; called on rank 0 only.
  package func broadcast(_ body: () throws -> [UInt8]) throws -> [UInt8] {
    try allGather(isFirst ? body() : [])[0]
  }

  /// The signal at which all ranks stop; nil if training continues.
  ///
  /// - Parameter own: The signal that this rank has received; −1 stands for the time limit, and gives way to any signal.
  func agreed(onSignal own: Int32?) throws -> Int32? {
    let all = try allGather([UInt8](littleEndianOf: own ?? 0)).map { Int32(littleEndian: $0) }.filter { $0 != 0 }
    return all.first { $0 > 0 } ?? all.first
  }
}

/// The seconds that a rank has waited in all-reduces and all-gathers of tensors.
package struct ExchangeWait: Equatable {
  /// Waiting for ranks that had not reached the call yet.
  var forOthers = 0.0
  /// Waiting for communication and additions, after all ranks had reached the call.
  var forSums = 0.0
}

/// A process group of one: training in a single process.
package struct SingleProcess: Communicator {
  package let rank = 0
  package let count = 1

  package init() {}

  /// One bucket for all gradients.
  package let bucketLength = Int.max

  package func beginAllReduce(_ own: consuming TreeSum<LeafValues>, of leafCount: Int) -> () throws -> LeafValues {
    let total = own.total(of: leafCount)
    return { total }
  }

  package func allGather(
    count: Int, copy: @escaping (Range<Int>, UnsafeMutableBufferPointer<Scalar>) -> Void,
    replace: @escaping (Range<Int>, UnsafeBufferPointer<Scalar>) -> Void
  ) {}

  package func allGather(_ own: [UInt8]) -> [[UInt8]] { [own] }

  package func takeWait() -> ExchangeWait { ExchangeWait() }

  package func settled(on own: Failure) -> Failure { own }

  package func end() {}
}

extension [UInt8] {
  /// The bytes of integers in little-endian order.
  init<Number: FixedWidthInteger>(littleEndianOf numbers: Number...) {
    self = numbers.flatMap { number in Swift.withUnsafeBytes(of: number.littleEndian, Array.init) }
  }

  /// The eight bytes of the bit pattern of a number, in little-endian order.
  init(bitsOf number: Double) { self.init(littleEndianOf: number.bitPattern) }
}

extension FixedWidthInteger {
  /// - Precondition: There are as many bytes as the type has.
  init(littleEndian bytes: some Collection<UInt8>) {
    precondition(bytes.count == MemoryLayout<Self>.size, "\(Self.self): found \(bytes.count) bytes")
    self = bytes.reversed().reduce(0) { ($0 << 8) | Self(truncatingIfNeeded: $1) }
  }
}
