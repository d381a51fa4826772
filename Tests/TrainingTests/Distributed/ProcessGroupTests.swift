import Glibc
import Support
import Testing

@testable import Training

@Suite struct ProcessGroupTests {
  @Test(arguments: [1, 2, 5])
  func `all get what each has, in pieces of any length`(_ count: Int) throws {
    func bytes(_ rank: Int) -> [UInt8] { (0..<rank * 37).map { UInt8(truncatingIfNeeded: $0 * (rank + 3)) } }
    for pieceLength in [count, 64, 1 << 20] {
      let all = inRanks(count, pieceLength: pieceLength) { try $0.gathered(bytes($0.rank)) }
      #expect(try all.allSatisfy { try $0.get() == (0..<count).map(bytes) })
    }
    let first = inRanks(count) { try $0.fromFirst { [7, 8] } }
    #expect(try first.allSatisfy { try $0.get() == [7, 8] })
  }

  @Test func `a process that gives up is heard wherever the others are`() {
    let own = Failure(.inputOutput, "the disk is full.")
    let ends = inRanks(3) { group in
      _ = try group.gathered([])
      if group.rank == 1 { throw own }
      var sum = TreeSum<LeafValues>(+)
      sum.append(LeafValues(numbers: [1]), of: group.rank)
      _ = try group.total(sum, of: 3)
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
      _ = try group.gathered([])
    }
    for result in ends {
      #expect(
        failure { try result.get() }?.message
          == "rank 1 is at the operation 3, and rank 0 at 1: expected all at the same.")
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
      _ = try group.total(sum, of: 2)
      return [group.takeSecondsWaited(), group.takeSecondsWaited()]
    }.map { try $0.get() }
    #expect(waits[0][0] > 0.1 && waits[0][1] == 0 && waits[1][0] < waits[0][0])
  }
}
