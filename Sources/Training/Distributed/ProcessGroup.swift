import Foundation
import Support
package import Tensors

/// Processes that train one model together and are connected by messages.
///
/// Before anything is exchanged, all say what they are about to do and whether they can: a process that gives up is heard
/// wherever the others are, and all end with its failure. The time until the last has come is what the others wait.
///
/// Messages are passed by a thread of their own, one exchange after the other, while others compute.
package final class ProcessGroup: Communicator, @unchecked Sendable {
  /// The processes that a launcher has started with this one, while `exitCode` runs a program in them.
  @TaskLocal package static var current: any Communicator = SingleProcess()

  /// It and `outcome` belong to the thread of messages.
  private let messages: any MessagePassing
  private let thread: SerialThread
  /// The failure on which all end.
  private var outcome: Failure?
  private var wait = ExchangeWait()
  /// The most bytes of a process that are moved at once.
  private let pieceLength: Int
  package let rank, count: Int
  package let bucketLength: Int

  /// The exchange that a process is about to begin.
  private enum Operation: Int64 {
    case gather = 1
    case sum, end, complete
  }

  /// - Parameters:
  ///   - thread: The one that `messages` belong to.
  ///   - pieceLength: The most bytes of all processes together that are moved at once.
  ///   - chunkLength: The elements of sums that are exchanged at once; nil for a quarter of a million, and more where many
  ///     processes would get little each.
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

  /// The processes that a launcher started with this one; a single process if there was none.
  ///
  /// - Throws: `Failure` of the kind `configuration` if they cannot be connected.
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

  /// Runs a program in all processes that a launcher has started, so that all end together and with one code. They are
  /// connected before anything else is done, and are `current` meanwhile.
  ///
  /// - Parameters:
  ///   - report: Says what went wrong, unless another process does, and gives the exit code.
  ///   - body: The program; it gives its exit code, and has told the others if that is of a failure.
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
      // A launcher ends all processes when the first has ended: that is to be the one that speaks.
      if rank > 0 { sleep(1) }
      return code
    }
    code = $current.withValue(communicator) { body(communicator) }
    fflush(nil)
    let ending = failing(speaks: communicator.isFirst) { try communicator.end() }
    return code == 0 ? ending : code
  }

  package func beginAllReduce(_ own: consuming TreeSum<LeafValues>, of leafCount: Int) -> () throws -> LeafValues {
    // Taken by the thread, so that nobody else has it.
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
      // What came to pass while this process computed cost it nothing.
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
    // The sentence of one's own knows its settings.
    return settled.flatMap { $0 } ?? own
  }

  package func end() throws { try thread.perform { [self] in try endMessages() } }

  // MARK: On the thread of messages

  private func endMessages() throws {
    defer { messages.end() }
    // Who has failed has been heard: all come here, and none is to end before the first has said why.
    if outcome != nil {
      _ = headers([Operation.end.rawValue, 0, 0])
    } else {
      do { _ = try exchange(.end, []) } catch {
        _ = headers([Operation.end.rawValue, 0, 0])
        throw error
      }
    }
  }

  /// - Throws: The failure on which all end.
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

  /// Three numbers of every process.
  private func headers(_ own: [Int64]) -> [[Int64]] {
    let size = own.count * MemoryLayout<Int64>.stride
    var all = [Int64](repeating: 0, count: own.count * count)
    all.withUnsafeMutableBytes { all in
      own.withUnsafeBytes { messages.allGather($0, counts: Array(repeating: size, count: count), into: all) }
    }
    return (0..<count).map { Array(all[$0 * own.count..<($0 + 1) * own.count]) }
  }

  /// The bytes of every process, piece by piece.
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

  /// The number that stands for it between processes of one program; 0 stands for none.
  fileprivate var number: Int64 { Int64((Self.all.firstIndex(of: self) ?? 0) + 1) }

  fileprivate init(number: Int64) {
    self = (1...Int64(Self.all.count)).contains(number) ? Self.all[Int(number) - 1] : .internalError
  }
}
