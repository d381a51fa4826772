import Foundation

@testable import Support
@testable import Training

/// Processes that are threads of this one, and pass messages by a board.
final class InMemoryMessages: MessagePassing {
  let rank: Int
  let count: Int
  private let board: Monitor<Board>
  private var round = 0
  /// The most bytes of a call.
  private(set) var largestCall = 0
  private(set) var hasEnded = false

  private struct Board {
    /// The bytes that each rank has for each, by round.
    var posts: [Int: [Int: [[UInt8]]]] = [:]
    var readers: [Int: Int] = [:]
  }

  private init(rank: Int, count: Int, board: Monitor<Board>) {
    self.rank = rank
    self.count = count
    self.board = board
  }

  static func connected(_ count: Int) -> [InMemoryMessages] {
    let board = Monitor(Board())
    return (0..<count).map { InMemoryMessages(rank: $0, count: count, board: board) }
  }

  func allGather(_ own: UnsafeRawBufferPointer, counts: [Int], into all: UnsafeMutableRawBufferPointer) {
    precondition(counts.count == count && counts[rank] == own.count && all.count == counts.reduce(0, +))
    let parts = exchange(Array(repeating: Array(own), count: count))
    precondition(parts.map(\.count) == counts)
    all.copyBytes(from: parts.joined())
    largestCall = max(largestCall, all.count)
  }

  func allToAll(
    _ own: UnsafeRawBufferPointer, counts: [Int], into received: UnsafeMutableRawBufferPointer, receivedCounts: [Int]
  ) {
    precondition(own.count == counts.reduce(0, +) && received.count == receivedCounts.reduce(0, +))
    var rest = own[...]
    let parts = exchange(
      counts.map { count in
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
      })
    precondition(parts.map(\.count) == receivedCounts)
    received.copyBytes(from: parts.joined())
    largestCall = max(largestCall, received.count, own.count)
  }

  func end() { hasEnded = true }

  /// - Parameter own: The bytes for each rank.
  /// - Returns: The bytes that each has for this one.
  private func exchange(_ own: [[UInt8]]) -> [[UInt8]] {
    round += 1
    let (round, rank, count) = (round, rank, count)
    board.update { $0.posts[round, default: [:]][rank] = own }
    return board.wait { board in
      guard let posts = board.posts[round], posts.count == count else { return nil }
      board.readers[round, default: 0] += 1
      if board.readers[round] == count {
        board.posts[round] = nil
        board.readers[round] = nil
      }
      return (0..<count).map { posts[$0]![rank] }
    }
  }
}

/// A body that runs in several processes, and the result of each.
private final class RankBodies<Value>: @unchecked Sendable {
  let results = Monitor<[Int: Result<Value, any Error>]>([:])
  let body: (ProcessGroup) throws -> Value

  init(_ body: @escaping (ProcessGroup) throws -> Value) { self.body = body }

  func run(_ group: ProcessGroup) {
    let result = Result { () throws -> Value in
      do { return try body(group) } catch let failure as Failure {
        // As commands end.
        throw group.settled(on: failure)
      }
    }
    results.update { $0[group.rank] = result }
  }
}

/// Runs `body` in so many processes at once.
///
/// - Returns: The result of each, by rank.
func inRanks<Value>(
  _ count: Int, pieceLength: Int = 1 << 28, chunkLength: Int? = nil,
  _ body: @escaping (ProcessGroup) throws -> Value
) -> [Result<Value, any Error>] {
  let bodies = RankBodies(body)
  for messages in InMemoryMessages.connected(count) {
    let group = ProcessGroup(messages, pieceLength: pieceLength, chunkLength: chunkLength)
    let thread = Thread { bodies.run(group) }
    thread.stackSize = 8 << 20
    thread.start()
  }
  let all = bodies.results.wait { $0.count == count ? $0 : nil }
  return (0..<count).map { all[$0]! }
}
