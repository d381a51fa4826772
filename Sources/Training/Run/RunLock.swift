import Dispatch
import Foundation
import Glibc
import Support

/// The lock of a run directory, by which one process at a time may write into it: a small file `lock.json` that names its
/// holder.
///
/// File locks of the operating system are not relied on, since network drives may lack them or keep them local to one
/// machine. A lock is taken by creating the file exclusively. If the file exists, the lock is stale if its holder ran on
/// this machine and no longer runs. A holder on another machine or in another container cannot be looked up. Every holder
/// renews the file's modification time every few seconds, and a lock whose holder cannot be looked up is stale if the time
/// stands still. After every step the holder checks that the file is still the one it wrote: if two processes ever believe
/// that they hold the lock, one of them stops before it writes.
final class RunLock {
  /// Durations of the protocol; the defaults suit network drives.
  struct Times {
    /// The interval between renewals of the modification time.
    var renewal = Duration.seconds(5)
    /// The time for which a lock from another machine is watched for a renewal before it counts as stale.
    var patience = Duration.seconds(30)
    /// The age at which a lock from another machine counts as stale without being watched. The clocks of machines are
    /// assumed to differ by less.
    var expiry = Duration.seconds(3600)
  }

  static let fileName = "lock.json"

  private let folder: String
  private let path: String
  private let contents: [UInt8]
  private let renewal: any DispatchSourceTimer

  /// Takes the lock.
  ///
  /// - Parameters:
  ///   - folder: The run directory, which exists.
  ///   - holder: The description of this process.
  ///   - onWait: Called with a sentence before a lock from another machine is watched for `times.patience`.
  /// - Throws: `Failure` of the kind `exists` if a running process holds the lock, `inputOutput` if the file cannot be
  ///   created.
  init(
    folder: String, holder: RunLockHolder = .current, times: Times = Times(), onWait: (String) -> Void = { _ in }
  ) throws {
    self.folder = folder
    path = folder + "/" + Self.fileName
    contents = holder.bytes
    try Self.take(path, contents, folder: folder, times: times, onWait: onWait)
    renewal = Self.renew(path, contents, every: times.renewal)
  }

  deinit { release() }

  /// Stops the renewals, and removes the file if this process still holds the lock.
  func release() {
    renewal.cancel()
    if (try? FileReader.read(path)) == contents { try? FileWriter.remove(path) }
  }

  /// Checks that this process still holds the lock. A file that was deleted is created again.
  ///
  /// - Throws: `Failure` of the kind `exists` if another process has taken the lock, as is possible after this process or
  ///   its machine was suspended.
  func requireHeld() throws {
    guard let seen = try? Sighting(path) else {
      // The file was deleted. If it cannot be created again, the next recorder that writes reports the reason.
      _ = try? Self.create(path, contents)
      return
    }
    guard seen.contents != contents else { return }
    throw Failure(
      .exists,
      "\(folder): \(seen.holder?.description ?? "another process") has taken this run over while this process was halted; "
        + "it stops, and writes nothing more")
  }

  /// The process that holds the lock of a folder and is known to run; nil if there is no lock, if its holder has ended, or
  /// if it is on another machine or in another container.
  static func runningHolder(in folder: String) -> RunLockHolder? {
    guard let holder = (try? Sighting(folder + "/" + fileName))?.holder else { return nil }
    return holder.process.isRunning == true ? holder : nil
  }

  /// The failure, of the kind `exists`, of a process that finds the lock taken.
  static func refusal(_ folder: String, _ holder: RunLockHolder?) -> Failure {
    let who = holder.map { "\($0.description) has been writing this run since \($0.since)" }
    return Failure(
      .exists,
      sentence: """
        \(folder): \(who ?? "another process is writing this run"), expected a folder that nobody writes into; stop that \
        process, or name another folder with \(setting: .directory).
        """)
  }

  // MARK: Taking the lock

  private static func take(
    _ path: String, _ contents: [UInt8], folder: String, times: Times, onWait: (String) -> Void
  ) throws {
    var watched: (sighting: Sighting, end: ContinuousClock.Instant)?
    while try !create(path, contents) {
      guard let seen = try Sighting(path) else { continue }
      if let isRunning = seen.holder?.process.isRunning {
        guard !isRunning else { throw refusal(folder, seen.holder) }
      } else if seen.age < times.expiry {
        if let watched, watched.sighting != seen { throw refusal(folder, seen.holder) }
        if watched == nil {
          watched = (seen, ContinuousClock.now + times.patience)
          let seconds = Int(times.patience / .seconds(1))
          onWait(
            "\(path) is of \(seen.holder?.description ?? "an unknown process"), which cannot be seen from here: waiting "
              + "\(seconds) seconds for a sign of life")
        }
        if let end = watched?.end, ContinuousClock.now < end {
          Thread.sleep(forTimeInterval: min(1, times.renewal / .seconds(2)))
          continue
        }
      }
      try remove(seen, at: path)
    }
  }

  /// Creates the file exclusively.
  ///
  /// - Returns: False if the file exists.
  private static func create(_ path: String, _ contents: [UInt8]) throws -> Bool {
    let file: AppendingFile
    do {
      file = try AppendingFile(path, mustBeNew: true)
    } catch let failure as Failure where failure.kind == .exists {
      return false
    }
    do {
      try file.append(contents)
    } catch {
      try? FileWriter.remove(path)
      throw error
    }
    return true
  }

  /// Removes a stale lock, unless the file has changed. On file systems with `flock`, checking and removing are atomic: of
  /// two processes that have found the lock stale, the slower one does not remove the new lock of the faster one.
  static func remove(_ stale: Sighting, at path: String) throws {
    let file: OpenFile
    do {
      file = try OpenFile(path, flags: O_RDONLY, action: "read it")
    } catch let failure as Failure where failure.kind == .missingInput {
      return
    }
    guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else { return }
    if try Sighting(path) == stale { try FileWriter.remove(path) }
  }

  /// Starts a timer that renews the file's modification time while the holder's contents are in it.
  private static func renew(_ path: String, _ contents: [UInt8], every interval: Duration) -> any DispatchSourceTimer {
    let timer = DispatchSource.makeTimerSource(queue: .global(qos: .userInitiated))
    let seconds = interval / .seconds(1)
    timer.schedule(deadline: .now() + seconds, repeating: seconds)
    timer.setEventHandler {
      if (try? FileReader.read(path)) == contents { _ = path.withPathBytes { utimensat(AT_FDCWD, $0, nil, 0) } }
    }
    timer.activate()
    return timer
  }

  /// An observation of a lock file. Two observations are equal if the lock was neither renewed nor replaced between them.
  struct Sighting: Equatable {
    let contents: [UInt8]
    /// The modification time, which is that of the last renewal, and the inode number.
    let seconds, nanoseconds, number: Int

    /// Reads the file; nil if it does not exist.
    init?(_ path: String) throws {
      var status = stat()
      do {
        contents = try FileReader.read(path, limit: 1 << 16)
      } catch let failure as Failure where failure.kind == .missingInput {
        return nil
      }
      guard path.withPathBytes({ stat($0, &status) }) == 0 else { return nil }
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
      number = Int(truncatingIfNeeded: status.st_ino)
    }

    var holder: RunLockHolder? { RunLockHolder(contents) }
    /// The time since the last renewal, by this machine's clock and the file system's.
    var age: Duration { .seconds(time(nil) - seconds) }
  }
}

extension RunLock: Recorder {
  func runBegan(_ state: TrainingState) throws { try requireHeld() }
  func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws { try requireHeld() }
}

/// The holder of a lock, as recorded in the lock file.
struct RunLockHolder {
  let process: ProcessIdentity
  /// The time at which the lock was taken, in ISO 8601.
  let since: String

  /// This process as a holder that takes the lock now.
  static var current: RunLockHolder {
    RunLockHolder(process: .current, since: Date.now.formatted(.iso8601))
  }

  /// The holder for messages, as in "process 42 on host".
  var description: String { "process \(process.number) on \(process.host)" }

  /// The contents of the lock file: one JSON object on a line.
  var bytes: [UInt8] {
    let json: JSONValue = [
      "process": JSONValue(Int(process.number)), "host": JSONValue(process.host), "since": JSONValue(since),
      "boot": JSONValue(process.boot), "namespace": JSONValue(process.namespace),
      "start": JSONValue(Int(clamping: process.start)),
    ]
    return Array((json.write() + "\n").utf8)
  }

  init(process: ProcessIdentity, since: String) {
    self.process = process
    self.since = since
  }

  /// Parses the contents of a lock file; nil if they are incomplete, as while the file is being written or after a power
  /// failure.
  init?(_ bytes: [UInt8]) {
    guard let json = try? JSONValue(parsing: bytes, as: .strict, source: "", kind: .data) else { return nil }
    func text(_ key: String) -> String? {
      if case .string(let text)? = json[key]?.content { text } else { nil }
    }
    func number(_ key: String) -> Int? {
      if case .number(let number)? = json[key]?.content { number.integer } else { nil }
    }
    guard let process = number("process").flatMap({ Int32(exactly: $0) }), let host = text("host"),
      let since = text("since"), let boot = text("boot"), let namespace = text("namespace"),
      let start = number("start").flatMap({ UInt64(exactly: $0) })
    else { return nil }
    self.process = ProcessIdentity(number: process, host: host, boot: boot, namespace: namespace, start: start)
    self.since = since
  }
}
