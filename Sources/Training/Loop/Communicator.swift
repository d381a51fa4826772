import Support
package import Tensors

/// The processes that train one model together, as each of them sees it.
///
/// Every process has the same weights and computes some leaves of every batch. What they have to tell each other are the
/// sums over these, when to stop, and what the one that writes the run is to write. All calls are made in the same order by
/// all, each from one thread.
package protocol Communicator: Sendable {
  /// The number of this process, 0 ..< count. The first alone writes and speaks.
  var rank: Int { get }

  /// The number of processes.
  var count: Int { get }

  /// The elements of sums that are worth an exchange of their own.
  var bucketLength: Int { get }

  /// Begins the sum over the leaves of all processes, in the order of `TreeSum`, and returns at once: bytes move while this
  /// process computes.
  ///
  /// - Parameter own: The sum over the leaves of this process.
  /// - Returns: A function that waits for the sum, and throws as `gathered`; to be called once.
  func beginTotal(_ own: consuming TreeSum<LeafValues>, of leafCount: Int) -> () throws -> LeafValues

  /// Gives all processes the elements of a row, of which each has its own `segment`.
  ///
  /// - Parameters:
  ///   - count: The elements of the row.
  ///   - copy: Copies some elements of this process's segment.
  ///   - replace: Gets elements of the others' segments.
  /// - Throws: As `gathered`.
  func complete(
    rowOf count: Int, copy: @escaping (Range<Int>, UnsafeMutableBufferPointer<Scalar>) -> Void,
    replace: @escaping (Range<Int>, UnsafeBufferPointer<Scalar>) -> Void) throws

  /// The bytes that every process gives, by rank.
  ///
  /// - Throws: The `Failure` of a process that gave up instead.
  func gathered(_ own: [UInt8]) throws -> [[UInt8]]

  /// The time in which this process could not go on for want of a sum since this was last asked.
  func takeWait() -> ExchangeWait

  /// Tells the others that this process gives up, wherever they are.
  ///
  /// - Returns: The failure on which all of them end: that of the first process that has one.
  func settled(on own: Failure) -> Failure

  /// Waits until all have come to their end, and lets go of them; the last call.
  ///
  /// - Throws: The `Failure` of a process that gave up instead.
  func end() throws
}

extension Communicator {
  package var isFirst: Bool { rank == 0 }

  /// The part of a row of so many that a process has: as long as any other's, or one more or less.
  func segment(of length: Int, rank: Int) -> Range<Int> { length * rank / count..<length * (rank + 1) / count }

  /// The leaves of a batch that this process computes.
  func leaves(of leafCount: Int) -> Range<Int> { segment(of: leafCount, rank: rank) }

  /// The sum over the leaves of all processes.
  ///
  /// - Throws: As `gathered`.
  func total(_ own: consuming TreeSum<LeafValues>, of leafCount: Int) throws -> LeafValues {
    try beginTotal(own, of: leafCount)()
  }

  /// Runs `body`, and goes on when all have: if it fails in one of the processes, all of them fail before the next thing is
  /// begun.
  func together<Result>(_ body: () throws -> Result) throws -> Result {
    let result = try body()
    _ = try gathered([])
    return result
  }

  /// The bytes that the first process has, for all.
  ///
  /// - Parameter body: Is called there.
  package func fromFirst(_ body: () throws -> [UInt8]) throws -> [UInt8] {
    try gathered(isFirst ? body() : [])[0]
  }

  /// The signal that all stop at; nil if they go on.
  ///
  /// - Parameter own: The signal that this process was sent; −1 says that the time is up, which any signal outranks.
  func agreed(onSignal own: Int32?) throws -> Int32? {
    let all = try gathered([UInt8](littleEndianOf: own ?? 0)).map { Int32(littleEndian: $0) }.filter { $0 != 0 }
    return all.first { $0 > 0 } ?? all.first
  }
}

/// The seconds in which a process could not go on for want of a sum.
package struct ExchangeWait: Equatable {
  /// For others, who had not come to the sum yet.
  var forOthers = 0.0
  /// For bytes and additions, after all had come.
  var forSums = 0.0
}

/// A process that trains alone.
package struct SingleProcess: Communicator {
  package let rank = 0
  package let count = 1

  package init() {}

  /// As much as there is.
  package let bucketLength = Int.max

  package func beginTotal(_ own: consuming TreeSum<LeafValues>, of leafCount: Int) -> () throws -> LeafValues {
    let total = own.total(of: leafCount)
    return { total }
  }

  package func complete(
    rowOf count: Int, copy: @escaping (Range<Int>, UnsafeMutableBufferPointer<Scalar>) -> Void,
    replace: @escaping (Range<Int>, UnsafeBufferPointer<Scalar>) -> Void
  ) {}

  package func gathered(_ own: [UInt8]) -> [[UInt8]] { [own] }

  package func takeWait() -> ExchangeWait { ExchangeWait() }

  package func settled(on own: Failure) -> Failure { own }

  package func end() {}
}

extension [UInt8] {
  /// The bytes of numbers, the least first.
  init<Number: FixedWidthInteger>(littleEndianOf numbers: Number...) {
    self = numbers.flatMap { number in Swift.withUnsafeBytes(of: number.littleEndian, Array.init) }
  }

  /// - Parameter number: A bit pattern.
  init(bitsOf number: Double) { self.init(littleEndianOf: number.bitPattern) }
}

extension FixedWidthInteger {
  /// - Precondition: There are as many bytes as it takes.
  init(littleEndian bytes: some Collection<UInt8>) {
    precondition(bytes.count == MemoryLayout<Self>.size, "\(Self.self): found \(bytes.count) bytes")
    self = bytes.reversed().reduce(0) { ($0 << 8) | Self(truncatingIfNeeded: $1) }
  }
}
