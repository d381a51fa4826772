import TestSupport
import Testing

@testable import Support
@testable import Training

struct RunDirectoryTests {
  private let folder: TemporaryFolder
  private var run: RunDirectory { RunDirectory(folder.path) }

  init() throws { folder = try TemporaryFolder() }

  @Test func `a folder with other things in it is no run`() throws {
    for name in ["notes.txt", "photo.png", "config.json.bak"] {
      try FileWriter.writeAtomically("x", to: folder.file(name))
    }
    try run.refuseExistingRun()
    let missing = failure { try run.requireRun() }
    #expect(missing?.kind == .missingInput && missing?.message.contains("\(folder.path): expected a run") == true)
    try SmallRun("training.steps=1", "training.sample_every=0").train(in: folder.path)
    #expect(try folder.text(of: "notes.txt") == "x")
  }

  @Test(
    arguments: [
      "config.json", "metrics.jsonl", "initial_weights.json", "events.out.tfevents.1.a.2",
      "checkpoints/step-00000001.safetensors", "samples/step-00000000.png",
    ])
  func `what a run has written is not written over`(_ name: String) throws {
    try run.createFolders()
    // So far it has been stopped before it did anything.
    try run.refuseExistingRun()
    try run.requireRun()
    try FileWriter.writeAtomically("x", to: folder.file(name))
    #expect(failure { try run.refuseExistingRun() }?.kind == .exists)
    #expect(failure { _ = try run.lockForStarting(.silent) }?.kind == .exists)
    try run.requireRun()
    #expect(!folder.names.contains("lock.json"))
  }

  @Test func `a lock that a killed process has left keeps nobody from starting`() throws {
    let own = ProcessIdentity.current
    // No number is as high: `PID_MAX_LIMIT` is 2^22.
    let killed = ProcessIdentity(
      number: 1 << 30, host: own.host, boot: own.boot, namespace: own.namespace, start: own.start)
    try FileWriter.writeAtomically(RunLockHolder(process: killed, since: "then").bytes, to: folder.file("lock.json"))
    try run.refuseExistingRun()
    try run.lockForStarting(.silent).release()
    #expect(!folder.names.contains("lock.json"))
  }

  @Test func `a run that a process writes is neither started nor resumed, nor swept`() throws {
    let lock = try run.lockForStarting(.silent)
    try FileWriter.writeAtomically("x", to: folder.file(".partial-1-1"))
    let attempts: [() throws -> Void] = [
      { try run.refuseExistingRun() }, { _ = try run.lockForStarting(.silent) },
      { _ = try run.lockForResuming(.silent) },
    ]
    for attempt in attempts {
      let refusal = failure(of: attempt)
      #expect(
        refusal?.kind == .exists && refusal?.message.contains("process \(ProcessIdentity.current.number) on ") == true)
    }
    #expect(folder.names.contains(".partial-1-1"))
    lock.release()
    _ = try run.lockForResuming(.silent)
    #expect(!folder.names.contains(".partial-1-1"))
  }
}
