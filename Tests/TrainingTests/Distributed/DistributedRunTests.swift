import Foundation
import InpaintingModels
import TestSupport
import Testing

@testable import Support
@testable import Training

/// Runs of several processes, which are threads here: the files are those of one process.
@Suite struct DistributedRunTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let options = [
    "training.batch_size=4", "training.leaves=4", "training.steps=4", "data.validation_count=3",
    "training.sample_every=2", "training.validate_every=2", "training.average_decay=0.5",
  ]

  @discardableResult
  private func train(
    _ name: String, ranks: Int, resume: Bool = false, _ changes: String...,
    onRank: @escaping (Int, Interruption) -> Void = { _, _ in }
  ) throws -> [TrainingRun.Outcome] {
    let configuration = try SmallRun(Self.options + changes).configuration
    let directory = RunDirectory(folder.file(name))
    return try inRanks(ranks) { group in
      let interruption = Interruption()
      onRank(group.rank, interruption)
      return try TrainingRun(
        configuration, directory: directory, resume: resume ? .newest : nil, communicator: group,
        interruption: interruption, console: .silent
      ).run()
    }.map { try $0.get() }
  }

  /// The lines of the metrics without what clocks say.
  private func metrics(_ name: String) throws -> [String] {
    let text = String(decoding: try FileReader.read(folder.file(name) + "/metrics.jsonl"), as: UTF8.self)
    return try text.split(separator: "\n").map { line in
      try JSONValue(parsing: Array(line.utf8), as: .strict, source: "metrics", kind: .data)
        .removing([["seconds"], ["images_per_second"], ["data_wait_seconds"]]).write()
    }
  }

  private func expectSame(_ a: String, _ b: String) throws {
    for step in [2, 4] {
      let files = try [a, b].map { try SmallRun.checkpoint(folder.file($0), step: step) }
      #expect(files[0] == files[1], "step \(step) of \(b)")
      let sheets = try [a, b].map { try FileReader.read(RunDirectory(folder.file($0)).sample(step: step)) }
      #expect(sheets[0] == sheets[1], "the sheet of step \(step) of \(b)")
    }
    #expect(try metrics(a) == metrics(b) && metrics(a).count == 4)
  }

  @Test func `checkpoints, metrics and sheets are those of one process`() throws {
    try train("one", ranks: 1)
    for ranks in 2...4 {
      try train("of \(ranks)", ranks: ranks)
      try expectSame("one", "of \(ranks)")
    }
  }

  @Test func `another number of processes goes on exactly`() throws {
    try train("one", ranks: 1)
    try train("resumed", ranks: 3, "training.steps=1")
    try train("resumed", ranks: 2, resume: true, "training.steps=3")
    try train("resumed", ranks: 4, resume: true)
    #expect(
      try SmallRun.checkpoint(folder.file("one"), step: 4) == SmallRun.checkpoint(folder.file("resumed"), step: 4))
    #expect(try metrics("one").last == metrics("resumed").last)
  }

  /// With optimizers divided among processes, moving averages and a limit on the norm of gradients.
  @Test func `a divided optimizer changes no checkpoint, nor what it is resumed with`() throws {
    let clipped = #"optimizers={"generator": {"clip_norm": 0.01}}"#
    try train("one", ranks: 1, clipped)
    let alone = try FileReader.read(RunDirectory(folder.file("one")).configuration)
    for ranks in 1...4 {
      try train("of \(ranks)", ranks: ranks, clipped, "training.shard_optimizer=true")
      try expectSame("one", "of \(ranks)")
    }
    #expect(try FileReader.read(RunDirectory(folder.file("of 2")).configuration) != alone)
    try train("resumed", ranks: 4, clipped, "training.steps=1", "training.shard_optimizer=true")
    try train("resumed", ranks: 2, resume: true, clipped, "training.steps=2")
    try train("resumed", ranks: 3, resume: true, clipped, "training.steps=3", "training.shard_optimizer=true")
    try train("resumed", ranks: 1, resume: true, clipped, "training.shard_optimizer=true")
    #expect(
      try SmallRun.checkpoint(folder.file("one"), step: 4) == SmallRun.checkpoint(folder.file("resumed"), step: 4))
  }

  @Test func `a run that others failed keeps its last checkpoint where they have moments`() throws {
    let configuration = try SmallRun(Self.options + ["training.shard_optimizer=true", "training.checkpoint_every=2"])
      .configuration
    let directory = RunDirectory(folder.file("failing"))
    let ends = inRanks(2) { group in
      let run = try TrainingRun(configuration, directory: directory, communicator: group, console: .silent)
      if group.isFirst {
        try FileManager.default.removeItem(atPath: directory.samples)
        try FileWriter.writeAtomically("", to: directory.samples)
      }
      return try run.run()
    }
    let failures = ends.map { result in failure { _ = try result.get() } }
    #expect(failures.allSatisfy { $0?.kind == .inputOutput })
    #expect(failures[0]?.message.hasSuffix("; there is no checkpoint yet") == true)
  }

  @Test func `a signal to one stops all at the same step, with a checkpoint`() throws {
    let ends = try train("stopped", ranks: 3) { rank, interruption in
      if rank == 2 { interruption.request(15) }
    }
    #expect(ends == [.interrupted(15), .interrupted(15), .interrupted(15)])
    #expect(try SmallRun.checkpoint(folder.file("stopped"), step: 0).count > 0)
  }

  @Test func `more processes than leaves are refused with the numbers that would do`() throws {
    let found = failure { try train("refused", ranks: 3, "training.leaves=2", "training.batch_size=12") }
    #expect(
      found
        == Failure(
          .configuration,
          "`training.leaves`: 3 ranks cannot share 2 leaves of a batch of 12, expected at most 2 ranks, or "
            + "`training.leaves` of 3, 4, 6, 12."))
    let few = failure { try train("refused", ranks: 3, "training.leaves=1", "training.batch_size=2") }
    #expect(few?.message.hasSuffix("expected at most 1 rank, or a `training.batch_size` of 3 or more.") == true)
  }

  @Test func `a failure of the first while it writes ends all, and the run goes on from its checkpoint`() throws {
    try train("one", ranks: 1)
    let directory = RunDirectory(folder.file("failing"))
    let configuration = try SmallRun(Self.options).configuration
    let ends = inRanks(3) { group in
      let run = try TrainingRun(configuration, directory: directory, communicator: group, console: .silent)
      if group.isFirst {
        // The folder of the sheets is gone, and a file in its place.
        try FileManager.default.removeItem(atPath: directory.samples)
        try FileWriter.writeAtomically("", to: directory.samples)
      }
      return try run.run()
    }
    let failures = ends.map { result in failure { _ = try result.get() } }
    #expect(failures.allSatisfy { $0?.kind == .inputOutput })
    #expect(failures[1]?.message.hasPrefix("rank 0: ") == true && failures[1] == failures[2])
    try FileWriter.remove(directory.samples)
    try train("failing", ranks: 2, resume: true)
    #expect(
      try SmallRun.checkpoint(folder.file("one"), step: 4) == SmallRun.checkpoint(folder.file("failing"), step: 4))
  }
}
