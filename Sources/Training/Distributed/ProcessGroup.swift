import Foundation
import Support
package import Tensors

/// A process group over a message-passing transport such as MPI.
///
/// Every collective operation begins with an all-gather of headers, in which each rank states the operation that it has
/// reached, or the failure with which it ends. A failure of one rank therefore reaches the others in whichever operation
/// they are, and all ranks end with it. The time until the headers have arrived is the time that a rank waits for others.
///
/// A single thread passes all messages, one operation after the other, while other threads compute.
package final class ProcessGroup: Communicator, @unchecked Sendable {
  /// The process group of the launcher while `exitCode` runs the program; a single process otherwise.
  @TaskLocal package static var current: any Communicator = SingleProcess()

  /// The transport; like `outcome`, it is used on `thread` only.
  private let messages: any MessagePassing
  private let thread: SerialThread
  /// The failure with which all ranks end; nil as long as there is none.
  private var outcome: Failure?
  private var wait = ExchangeWait()
  /// The maximum number of bytes of one rank in one all-gather.
  private let pieceLength: Int
  package let rank, count: Int
  package let bucketLength: Int

  /// The collective operation that a rank has reached: an all-gather of bytes, an all-reduce, the end, or an all-gather of
  /// a flat array.
  private enum Operation: Int64 {
    case gather = 1
    case sum, end, complete
  }

  /// - Parameters:
  ///   - messages: The transport.
  ///   - thread: The thread that initialized `messages`.
  ///   - pieceLength: The maximum number of bytes of all ranks together in one all-gather.
  ///   - chunkLength: The least number of elements in a bucket, and the number in a chunk of an all-reduce or all-gather;
  ///     nil for 2¹⁸, or 2¹⁴ for each rank if that is more.
  init(
    _ messages: any MessagePassing, thread: SerialThread = SerialThread(named: "messages"), pieceLength: Int = 1 << 28,
    chunkLength: Int? = nil
  ) {
    self.messages = messages
    self.thread = thread
    (rank, count) = (messages.rank, messages.count)
    self.pieceLength = max(1, pieceLength / messages.count)
    bucketLength = chunkLength ?? max(1 << 18, messages.count << 14)
  }

  deinit { thread.end() }

  /// Connects this process to the others that its launcher has started.
  ///
  /// - Returns: The process group; a single process if there is no launcher, or if the world size is 1.
  /// - Throws: `Failure` of the kind `configuration` if the processes cannot be connected.
  package static func started(by launcher: Launcher?) throws -> any Communicator {
    guard let launcher else { return SingleProcess() }
    let thread = SerialThread(named: "messages")
    let messages = try thread.perform { try MPI(launcher) }
    guard messages.count > 1 else {
      try thread.perform { messages.end() }
      thread.end()
      return SingleProcess()
    }
    return ProcessGroup(messages, thread: thread)
  }

  /// Runs a program in all processes of a launcher, so that they end together and with one exit code.
  ///
  /// The processes are connected first. While `body` runs, their process group is `current`.
  ///
  /// - Parameters:
  ///   - launcher: The launcher; nil for a single process.
  ///   - report: Returns the exit code of a failure. It prints the failure if `speaks` is true; otherwise another rank does.
  ///   - body: The program. It returns its exit code, after it has reported any failure to the other ranks.
  /// - Returns: The exit code.
  package static func exitCode(
    startedBy launcher: Launcher? = Launcher(environment: ProcessInfo.processInfo.environment),
    report: (_ failure: Failure, _ speaks: Bool) -> Int32, _ body: (any Communicator) -> Int32
  ) -> Int32 {
    func failing(speaks: Bool, _ body: () throws -> Void) -> Int32 {
      do {
        try body()
        return 0
      } catch {
        return report(error as? Failure ?? Failure(.internalError, "\(error)"), speaks)
      }
    }
    var connected: (any Communicator)?
    let rank = launcher?.rank ?? 0
    var code = failing(speaks: rank == 0) { connected = try started(by: launcher) }
    guard let communicator = connected else {
      // A launcher ends all processes as soon as one has ended, which should be rank 0, because it prints the failure.
      if rank > 0 { sleep(1) }
      return code
    }
    code = $current.withValue(communicator) { body(communicator) }
    fflush(nil)
    let ending = failing(speaks: communicator.isFirst) { try communicator.end() }
    return code == 0 ? ending : code
  }

  package func beginAllReduce(_ own: consuming TreeSum<LeafValues>, of leafCount: Int) -> () throws -> LeafValues {
    // The closure takes the sum out of the optional, so that it is the only owner and can update it in place.
    var sum = Optional(own)
    let pending = thread.begin { [self] in
      let begun = ContinuousClock.now
      _ = try exchange(.sum, [])
      let arrived = ContinuousClock.now
      let exchange = TreeExchange(
        messages, leafCount: leafCount, leaves: { segment(of: leafCount, rank: $0) }, chunkLength: bucketLength)
      guard let own = sum.take() else { preconditionFailure("ProcessGroup: a sum was taken twice") }
      return (total: exchange.total(own), begun: begun, arrived: arrived)
    }
    return { [self] in
      let start = ContinuousClock.now
      let (total, begun, arrived) = try pending.value()
      // Communication that has overlapped with computation on this rank does not count as waiting.
      wait.forOthers += max(.zero, arrived - max(begun, start)) / .seconds(1)
      wait.forSums += max(.zero, ContinuousClock.now - max(arrived, start)) / .seconds(1)
      return total
    }
  }

  package func allGather(
    count: Int, copy: @escaping (Range<Int>, UnsafeMutableBufferPointer<Scalar>) -> Void,
    replace: @escaping (Range<Int>, UnsafeBufferPointer<Scalar>) -> Void
  ) throws {
    let start = ContinuousClock.now
    let arrived = try thread.perform { [self] in
      _ = try exchange(.complete, [])
      let arrived = ContinuousClock.now
      SegmentExchange(
        messages, segments: (0..<self.count).map { segment(of: count, rank: $0) }, chunkLength: bucketLength
      )
      .complete(copy: copy, replace: replace)
      return arrived
    }
    wait.forOthers += (arrived - start) / .seconds(1)
    wait.forSums += (ContinuousClock.now - arrived) / .seconds(1)
  }

  package func allGather(_ own: [UInt8]) throws -> [[UInt8]] {
    try thread.perform { [self] in try exchange(.gather, own) }
  }

  package func takeWait() -> ExchangeWait {
    defer { wait = ExchangeWait() }
    return wait
  }

  package func settled(on own: Failure) -> Failure {
    let settled = try? thread.perform { [self] in
      if outcome == nil { _ = try? exchange(.gather, [], failure: own) }
      return outcome
    }
    return settled.flatMap { $0 } ?? own
  }

  package func end() throws { try thread.perform { [self] in try endMessages() } }

  // MARK: On the message-passing thread

  private func endMessages() throws {
    defer { messages.end() }
    // All ranks know of the failure by now. The all-gather is a barrier: no rank ends before rank 0 has printed the
    // failure, because the launcher would then end rank 0, too.
    if outcome != nil {
      _ = headers([Operation.end.rawValue, 0, 0])
    } else {
      do { _ = try exchange(.end, []) } catch {
        _ = headers([Operation.end.rawValue, 0, 0])
        throw error
      }
    }
  }

  /// Performs an all-gather of headers and bytes, with which every collective operation begins.
  ///
  /// - Parameters:
  ///   - operation: The operation that this rank has reached.
  ///   - own: The bytes of this rank.
  ///   - failure: The failure that this rank reports in place of bytes; nil if there is none.
  /// - Returns: The bytes of every rank, in the order of ranks.
  /// - Throws: The `Failure` with which all ranks end: that of the lowest rank that reports one, or a failure of the kind
  ///   `internalError` if ranks have reached different operations.
  private func exchange(_ operation: Operation, _ own: [UInt8], failure: Failure? = nil) throws -> [[UInt8]] {
    if let outcome { throw outcome }
    let payload = failure.map { Array($0.message.utf8) } ?? own
    let all = headers([operation.rawValue, failure.map { $0.kind.number } ?? 0, Int64(payload.count)])
    let payloads = gather(payload, lengths: all.map { Int($0[2]) })
    if let first = all.firstIndex(where: { $0[1] != 0 }) {
      let theirs = Failure(
        Failure.Kind(number: all[first][1]), "rank \(first): \(String(decoding: payloads[first], as: UTF8.self))")
      outcome = first == rank ? failure : theirs
    } else if let other = all.firstIndex(where: { $0[0] != all[0][0] }) {
      outcome = Failure(
        .internalError,
        "rank \(other): expected the operation \(all[0][0]) of rank 0, found \(all[other][0]).")
    }
    if let outcome { throw outcome }
    return payloads
  }

  /// An all-gather of headers: operation, kind of failure (0 for none) and number of bytes of every rank.
  private func headers(_ own: [Int64]) -> [[Int64]] {
    let size = own.count * MemoryLayout<Int64>.stride
    var all = [Int64](repeating: 0, count: own.count * count)
    all.withUnsafeMutableBytes { all in
      own.withUnsafeBytes { messages.allGather($0, counts: Array(repeating: size, count: count), into: all) }
    }
    return (0..<count).map { Array(all[$0 * own.count..<($0 + 1) * own.count]) }
  }

  /// An all-gather of bytes, in pieces of limited length.
  ///
  /// - Parameter lengths: The number of bytes of each rank, by rank.
  private func gather(_ own: [UInt8], lengths: [Int]) -> [[UInt8]] {
    var all = [[UInt8]](repeating: [], count: count)
    var start = 0
    while let longest = lengths.max(), start < longest {
      let counts = lengths.map { min(pieceLength, max(0, $0 - start)) }
      let piece = Array(own.dropFirst(start).prefix(pieceLength))
      var received = [UInt8](repeating: 0, count: counts.reduce(0, +))
      received.withUnsafeMutableBytes { received in
        piece.withUnsafeBytes { messages.allGather($0, counts: counts, into: received) }
      }
      var rest = received[...]
      for (rank, count) in counts.enumerated() {
        all[rank] += rest.prefix(count)
        rest = rest.dropFirst(count)
      }
      start += pieceLength
    }
    return all
  }
}

extension Failure.Kind {
  private static let all: [Failure.Kind] = [
    .usage, .data, .missingInput, .internalError, .exists, .inputOutput, .configuration,
  ]

  /// The number of the kind in headers, from 1; 0 stands for no failure.
  fileprivate var number: Int64 { Int64((Self.all.firstIndex(of: self) ?? 0) + 1) }

  fileprivate init(number: Int64) {
    self = (1...Int64(Self.all.count)).contains(number) ? Self.all[Int(number) - 1] : .internalError
  }
}
