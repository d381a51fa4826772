import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Support
@testable import Training

struct RunLockTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("lock.json") }

  /// Durations for tests.
  private static let brief = RunLock.Times(renewal: .milliseconds(50), patience: .milliseconds(400))

  init() throws { folder = try TemporaryFolder() }

  private func holder(number: Int32? = nil, host: String? = nil, start: UInt64? = nil) -> RunLockHolder {
    let own = ProcessIdentity.current
    return RunLockHolder(
      process: ProcessIdentity(
        number: number ?? own.number, host: host ?? own.host, boot: own.boot, namespace: own.namespace,
        start: start ?? own.start), since: "2026-11-30T12:00:00Z")
  }

  private func leave(_ bytes: [UInt8], secondsAgo: Int = 0) throws {
    try FileWriter.writeAtomically(bytes, to: path)
    try setAge(secondsAgo)
  }

  private func setAge(_ seconds: Int) throws {
    let date = Date(timeIntervalSinceNow: -Double(seconds))
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
  }

  /// The notices while the lock is taken.
  private func sentencesOfTaking(_ times: RunLock.Times = brief) throws -> [String] {
    var sentences: [String] = []
    let lock = try RunLock(folder: folder.path, times: times) { sentences.append($0) }
    try lock.requireHeld()
    #expect(RunLock.runningHolder(in: folder.path)?.process == .current)
    lock.release()
    #expect(folder.names.isEmpty)
    return sentences
  }

  @Test func `while a process has it nobody else gets it, and is told who has`() throws {
    let first = try RunLock(folder: folder.path)
    let refusal = failure { _ = try RunLock(folder: folder.path) }
    #expect(refusal?.kind == .exists)
    let own = ProcessIdentity.current
    #expect(refusal?.message.contains("\(folder.path): process \(own.number) on \(own.host) has been writing") == true)
    let since = try #require(RunLock.runningHolder(in: folder.path)).since
    #expect(refusal?.message.contains("this run since \(since), ") == true)
    #expect(try abs(Date(since, strategy: .iso8601).timeIntervalSinceNow) < 600)
    try first.requireHeld()
    first.release()
    #expect(try sentencesOfTaking().isEmpty)
  }

  @Test func `it is gone when nobody holds the object any more`() throws {
    do { _ = try RunLock(folder: folder.path) }
    #expect(folder.names.isEmpty)
  }

  @Test func `of processes that have ended it is taken at once, though their number was given out again`() throws {
    try leave(holder(start: ProcessIdentity.current.start - 1).bytes)
    #expect(try sentencesOfTaking().isEmpty)
    // No number is as high: `PID_MAX_LIMIT` is 2^22.
    try leave(holder(number: 1 << 30).bytes)
    #expect(try sentencesOfTaking().isEmpty)
  }

  @Test func `of a process that was killed it is taken at once`() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String] in
      let lock = try RunLock(folder: path)
      try lock.requireHeld()
      kill(getpid(), SIGKILL)
    }
    #expect(folder.names == ["lock.json"])
    #expect(try sentencesOfTaking().isEmpty)
  }

  @Test func `of a process elsewhere it is taken when it gives no sign of life for a while`() throws {
    try leave(holder(host: "elsewhere").bytes)
    let sentences = try sentencesOfTaking()
    #expect(sentences.count == 1 && sentences[0].contains("of process \(getpid()) on elsewhere"))
    // Long ago is long enough.
    try leave(holder(host: "elsewhere").bytes, secondsAgo: 4000)
    #expect(try sentencesOfTaking(RunLock.Times()).isEmpty)
  }

  @Test func `of a process elsewhere that renews it, it is not taken`() throws {
    try leave(holder(host: "elsewhere").bytes)
    let path = path
    Thread {
      usleep(100_000)
      utimensat(AT_FDCWD, path, nil, 0)
    }.start()
    let refusal = failure { _ = try RunLock(folder: folder.path, times: Self.brief) }
    #expect(refusal?.kind == .exists && refusal?.message.contains("on elsewhere") == true)
    #expect(try FileReader.read(path) == holder(host: "elsewhere").bytes)
  }

  @Test(arguments: [[], Array("{\"process\":".utf8), Array("{\"process\": -1}".utf8), [0, 255]])
  func `what no process can have written stops nobody for long`(_ bytes: [UInt8]) throws {
    try leave(bytes)
    #expect(try sentencesOfTaking().first?.contains("of an unknown process") == true)
  }

  @Test func `its holder renews it`() throws {
    let lock = try RunLock(folder: folder.path, times: Self.brief)
    try setAge(5000)
    func age() throws -> TimeInterval {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      return try -(#require(attributes[.modificationDate] as? Date)).timeIntervalSinceNow
    }
    let deadline = Date(timeIntervalSinceNow: 60)
    while try age() > 1000 && Date() < deadline { usleep(10_000) }
    #expect(try age() < 1000)
    lock.release()
  }

  @Test func `whoever has lost it learns of it, and leaves the other's alone`() throws {
    let lock = try RunLock(folder: folder.path)
    let other = holder(number: 7, host: "elsewhere")
    try leave(other.bytes)
    let lost = failure { try lock.requireHeld() }
    #expect(lost?.kind == .exists && lost?.message.contains("process 7 on elsewhere has taken this run over") == true)
    lock.release()
    #expect(try FileReader.read(path) == other.bytes)
  }

  @Test func `one that somebody has removed is made again`() throws {
    let lock = try RunLock(folder: folder.path)
    try FileWriter.remove(path)
    try lock.requireHeld()
    #expect(failure { _ = try RunLock(folder: folder.path) }?.kind == .exists)
    lock.release()
  }

  @Test func `one left behind is not removed while another process does, nor what that one has made since`() throws {
    try leave(holder(number: 1 << 30).bytes)
    let stale = try #require(try RunLock.Sighting(path))
    let other = try OpenFile(path, flags: O_RDONLY, action: "read it")
    #expect(flock(other.descriptor, LOCK_EX | LOCK_NB) == 0)
    try RunLock.remove(stale, at: path)
    #expect(folder.names == ["lock.json"])
    flock(other.descriptor, LOCK_UN)
    try leave(holder().bytes)
    try RunLock.remove(stale, at: path)
    #expect(folder.names == ["lock.json"])
    try RunLock.remove(try #require(try RunLock.Sighting(path)), at: path)
    #expect(folder.names.isEmpty)
  }

  /// Threads count as processes do: a lock of this process is held like any other.
  @Test func `of many that find one left behind, one gets it`() throws {
    for _ in 0..<20 {
      try leave(holder(number: 1 << 30).bytes)
      let tally = Tally()
      for _ in 0..<8 {
        Thread { [path = folder.path] in
          let lock = try? RunLock(folder: path)
          if lock != nil { tally.winners.add(1, ordering: .relaxed) }
          tally.attempts.add(1, ordering: .sequentiallyConsistent)
          while tally.attempts.load(ordering: .sequentiallyConsistent) < 8 { usleep(100) }
          lock?.release()
          tally.ended.add(1, ordering: .sequentiallyConsistent)
        }.start()
      }
      while tally.ended.load(ordering: .sequentiallyConsistent) < 8 { usleep(1000) }
      #expect(tally.winners.load(ordering: .relaxed) == 1)
      #expect(folder.names.isEmpty)
    }
  }

  private final class Tally: Sendable {
    let winners = Atomic(0)
    let attempts = Atomic(0)
    let ended = Atomic(0)
  }
}
