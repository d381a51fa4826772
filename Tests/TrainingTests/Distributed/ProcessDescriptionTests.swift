import Support
import Testing

@testable import Training

@Suite struct ProcessDescriptionTests {
  private func description(_ changes: String...) throws -> ProcessDescription {
    var description = try ProcessDescription(SmallRun(changes).configuration, pictures: nil, timeLimit: nil)
    description.host = "node"
    return description
  }

  @Test func `a description is the same after its way to another process`() throws {
    var own = try description()
    own.pictures = "12 0123456789abcdef"
    #expect(try ProcessDescription(own.bytes) == own)
    #expect(own.program.count == 64 && !own.processors.isEmpty)
    #expect(failure { _ = try ProcessDescription(Array("{}".utf8)) }?.kind == .internalError)
  }

  @Test func `what keeps processes from training together is named`() throws {
    let first = try description()
    func difference(_ change: (inout ProcessDescription) -> Void) -> String? {
      var other = first
      change(&other)
      return other.difference(from: first, rank: 2)
    }
    #expect(difference { _ in } == nil)
    #expect(
      try description("training.seed=5").difference(from: first, rank: 2)
        == "rank 2 on node: training.seed is 5 there and 0 on rank 0, expected one configuration.")
    // Threads are everybody's own.
    #expect(try description("training.threads=7", "data.workers=3").difference(from: first, rank: 1) == nil)
    #expect(
      difference { $0.pictures = "3 00" }?.contains("(their number and the hash of their names are 3 00 there") == true)
    #expect(
      difference { $0.program = "other" }?.contains("the program is another build than rank 0's (other and ") == true)
    #expect(
      difference { $0.timeLimit = "5.0 minutes" }?.contains("is 5.0 minutes there and no limit on rank 0") == true)
  }

  @Test func `all refuse what one has otherwise, and end with one failure`() throws {
    let found = inRanks(3) { group in
      let configuration = try SmallRun("training.seed=\(group.rank == 2 ? 1 : 0)").configuration
      let own = try ProcessDescription(configuration, pictures: nil, timeLimit: nil)
      _ = try [ProcessDescription].gathered(own, group)
    }.map { result in failure { try result.get() } }
    #expect(found.allSatisfy { $0?.kind == .configuration && $0?.message.contains("training.seed is 1 there") == true })
  }

  @Test func `processors of another type are remarked on`() throws {
    var all = [try description(), try description()]
    #expect(all.remarkOnTypes == nil)
    (all[0].processorType, all[1].processorType) = ("old", "new")
    #expect(all.remarkOnTypes?.hasPrefix("rank 1 on node computes on new, and rank 0 on old: ") == true)
  }

  @Test func `threads are a share of the processors that a process may use`() throws {
    func threads(_ processes: [(host: String, processors: [Int])]) throws -> [Int] {
      let all = try processes.map { process in
        var one = try description()
        (one.host, one.processors) = process
        return one
      }
      return all.indices.map { all.threads(of: $0) }
    }
    let eight = Array(0..<8)
    #expect(try threads([("a", eight), ("a", eight), ("b", eight)]) == [4, 4, 8])
    // Bound by the launcher.
    #expect(try threads([("a", [0, 1, 2, 3]), ("a", [4, 5, 6, 7])]) == [4, 4])
    #expect(try threads([("a", [0]), ("a", [0]), ("a", [0])]) == [1, 1, 1])
  }

  @Test func `the system says on which processors a process runs`() {
    let status = "Name:\ttrain\nCpus_allowed:\tff\nCpus_allowed_list:\t0-3,8,10-11\nMems_allowed:\t1\n"
    #expect(Processors.allowed(inStatus: status) == [0, 1, 2, 3, 8, 10, 11])
    #expect(Processors.allowed(inStatus: "").isEmpty && !Processors.allowed.isEmpty)
  }
}
