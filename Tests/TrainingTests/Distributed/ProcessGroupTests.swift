import Glibc
import Support
import Tensors
import Testing

@testable import Training

@Suite struct ProcessGroupTests {
  @Test(arguments: [1, 2, 5])
  func `all get what each has, in pieces of any length`(_ count: Int) throws {
    func bytes(_ rank: Int) -> [UInt8] { (0..<rank * 37).map { UInt8(truncatingIfNeeded: $0 * (rank + 3)) } }
    for pieceLength in [count, 64, 1 << 20] {
      let all = inRanks(count, pieceLength: pieceLength) { try $0.allGather(bytes($0.rank)) }
      #expect(try all.allSatisfy { try $0.get() == (0..<count).map(bytes) })
    }
    let first = inRanks(count) { try $0.broadcast { [7, 8] } }
    #expect(try first.allSatisfy { try $0.get() == [7, 8] })
  }

  @Test func `a process that gives up is heard wherever the others are`() {
    let own = Failure(.inputOutput, "the disk is full.")
    let ends = inRanks(3) { group in
      _ = try group.allGather([])
      if group.rank == 1 { throw own }
      var sum = TreeSum<LeafValues>(+)
      sum.append(LeafValues(numbers: [1]), of: group.rank)
      _ = try group.allReduce(sum, of: 3)
    }
    let found = ends.map { result in failure { _ = try result.get() } }
    let theirs = Failure(.inputOutput, "rank 1: the disk is full.")
    #expect(found == [theirs, own, theirs])
  }

  @Test func `of several that give up, all end with the failure of the first`() {
    let ends = inRanks(3) { group in throw Failure(group.rank == 0 ? .data : .usage, "of \(group.rank).") }
    let found = ends.map { result in failure { _ = try result.get() } }
    #expect(found == [Failure(.data, "of 0."), Failure(.data, "rank 0: of 0."), Failure(.data, "rank 0: of 0.")])
  }

  @Test func `processes at different operations end, and say so`() {
    let ends = inRanks(2) { group in
      if group.rank == 1 { return try group.end() }
      defer { try? group.end() }
      _ = try group.allGather([])
    }
    for result in ends {
      #expect(
        failure { try result.get() }?.message
          == "rank 1: expected the operation 1 of rank 0, found 3.")
    }
  }

  @Test func `all come to the end together`() throws {
    let connections = InMemoryMessages.connected(2)
    let ended = inRanks(2) { try $0.end() }
    #expect(ended.allSatisfy { (try? $0.get()) != nil } && connections.allSatisfy { !$0.hasEnded })
    // After a failure, too.
    let ends = inRanks(2) { group -> String in
      let outcome = group.settled(on: Failure(.data, "broken."))
      try group.end()
      return outcome.message
    }
    #expect(try ends.map { try $0.get() } == ["broken.", "rank 0: broken."])
  }

  @Test func `a program that cannot be connected ends before it begins`() throws {
    let named = ["PMI_SIZE": "2", "PMI_RANK": "0", "KINTSUGI_MPI_LIBRARY": "/no/such/libmpi.so"]
    let launcher = try #require(Launcher(environment: named))
    var reported: [Failure.Kind] = []
    let code = ProcessGroup.exitCode(
      startedBy: launcher,
      report: { failure, speaks in
        if speaks { reported.append(failure.kind) }
        return 78
      },
      { _ in
        Issue.record("the program has begun")
        return 0
      })
    #expect(code == 78 && reported == [.configuration])
    let alone = ProcessGroup.exitCode(startedBy: nil, report: { _, _ in 1 }, { $0.count == 1 ? 5 : 6 })
    #expect(alone == 5)
  }

  @Test func `a signal to one stops all, and outranks a clock`() throws {
    func agreed(_ own: [Int32?]) throws -> [Int32?] {
      try inRanks(own.count) { try $0.agreed(onSignal: own[$0.rank]) }.map { try $0.get() }
    }
    #expect(try agreed([nil, nil]) == [nil, nil])
    #expect(try agreed([-1, nil, 15]) == [15, 15, 15])
    #expect(try agreed([nil, -1]) == [-1, -1])
    #expect(try agreed([10, 15]) == [10, 10])
  }

  @Test func `the time until the last has come is what a process waits`() throws {
    let waits = try inRanks(2) { group in
      if group.rank == 1 { usleep(200_000) }
      var sum = TreeSum<LeafValues>(+)
      sum.append(LeafValues(numbers: [1]), of: group.rank)
      _ = try group.allReduce(sum, of: 2)
      return [group.takeWait(), group.takeWait()]
    }.map { try $0.get() }
    #expect(waits[0][0].forOthers > 0.1 && waits[0][1] == ExchangeWait())
    #expect(waits[1][0].forOthers < waits[0][0].forOthers)
  }

  @Test func `what is exchanged while a process computes costs it no time`() throws {
    let waits = try inRanks(2) { group -> ExchangeWait in
      if group.rank == 1 { usleep(200_000) }
      var sum = TreeSum<LeafValues>(+)
      sum.append(LeafValues(numbers: [1]), of: group.rank)
      let total = group.beginAllReduce(sum, of: 2)
      if group.rank == 0 { usleep(600_000) }
      let numbers = try total().numbers
      #expect(numbers == [2])
      return group.takeWait()
    }.map { try $0.get() }
    #expect(waits[0].forOthers < 0.1 && waits[0].forSums < 0.1)
  }

  @Test func `sums that were begun one after the other come in any order`() throws {
    let found = try inRanks(3) { group in
      let totals = (0..<4).map { number in
        var sum = TreeSum<LeafValues>(+)
        sum.append(LeafValues(numbers: [Scalar(number * 10 + group.rank)]), of: group.rank)
        return group.beginAllReduce(sum, of: 3)
      }
      return try totals.reversed().map { try $0().numbers[0] }
    }.map { try $0.get() }
    #expect(found == Array(repeating: [93, 63, 33, 3], count: 3))
  }

  @Test func `a process that gives up is heard by others whose sums are under way`() {
    let own = Failure(.data, "broken.")
    let ends = inRanks(3) { group in
      func begin() -> () throws -> LeafValues {
        var sum = TreeSum<LeafValues>(+)
        sum.append(LeafValues(numbers: [1]), of: group.rank)
        return group.beginAllReduce(sum, of: 3)
      }
      let first = begin()
      if group.rank == 2 { throw own }
      let (second, third) = (begin(), begin())
      let numbers = try first().numbers
      #expect(numbers == [3])
      _ = failure { _ = try second() }
      _ = try third()
    }
    let theirs = Failure(.data, "rank 2: broken.")
    #expect(ends.map { result in failure { try result.get() } } == [theirs, theirs, own])
  }

  @Test(arguments: [1, 2, 3, 5])
  func `a row is completed by the segments of all, whatever its length`(_ count: Int) throws {
    for (length, chunkLength) in [(0, 4), (2, 1), (23, 1), (23, 6), (23, 1000)] {
      let rows = try inRanks(count, chunkLength: chunkLength) { group in
        let (row, own) = (Row(length), group.segment(of: length, rank: group.rank))
        for index in own { row.elements[index] = Scalar(index + 1) }
        try group.allGather(count: length) { range, target in
          #expect(own.clamped(to: range) == range || range.isEmpty)
          _ = target.update(fromContentsOf: row.elements[range])
        } replace: { range, source in
          row.elements.replaceSubrange(range, with: source)
        }
        return row.elements
      }.map { try $0.get() }
      #expect(rows.allSatisfy { $0 == (0..<length).map { Scalar($0 + 1) } }, "\(length) in chunks of \(chunkLength)")
    }
  }

  private final class Row {
    var elements: [Scalar]

    init(_ count: Int) { elements = Array(repeating: 0, count: count) }
  }
}
