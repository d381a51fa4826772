import Dispatch
import Foundation
import Glibc
import Support

/// The right to write into a run directory, which one process at a time has: a small file that says which.
///
/// It needs no locks of the file system, which network drives may not have or keep to one machine. The file is made where
/// none is. Of one that is there, the process is looked for if it ran here; of a process elsewhere the file's time tells,
/// which its holder renews every few seconds. The holder looks after every step whether the file is still its own, so that
/// of two that should ever hold it one stops before it writes.
final class RunLock {
  /// Durations that suit network drives.
  struct Times {
    /// From one renewal to the next.
    var renewal = Duration.seconds(5)
    /// The time for which a lock of a process elsewhere is watched before it counts as left behind.
    var patience = Duration.seconds(30)
    /// The age at which it counts as left behind at once; clocks of machines differ by less.
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
  ///   - holder: This process.
  ///   - onWait: Is told when a lock of a process elsewhere is watched, which takes `times.patience`.
  /// - Throws: `Failure` of the kind `exists` if a process that runs has it, `inputOutput` if the file cannot be made.
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

  /// Removes the file, if it is still this process's.
  func release() {
    renewal.cancel()
    if (try? FileReader.read(path)) == contents { try? FileWriter.remove(path) }
  }

  /// - Throws: `Failure` of the kind `exists` if another process has taken the folder, as it may when this one, or its
  ///   machine, was halted for a while.
  func requireHeld() throws {
    guard let seen = try? Sighting(path) else {
      // Somebody has tidied up. Where it cannot be made, others that write will say why.
      _ = try? Self.create(path, contents)
      return
    }
    guard seen.contents != contents else { return }
    throw Failure(
      .exists,
      "\(folder): \(seen.holder?.description ?? "another process") has taken this run over while this process was halted; "
        + "it stops, and writes nothing more")
  }

  /// The process that holds a folder's lock and is seen to run; nil if there is none, or none that can be seen.
  static func runningHolder(in folder: String) -> RunLockHolder? {
    guard let holder = (try? Sighting(folder + "/" + fileName))?.holder else { return nil }
    return holder.process.isRunning == true ? holder : nil
  }

  /// The failure of whoever finds a folder taken.
  static func refusal(_ folder: String, _ holder: RunLockHolder?) -> Failure {
    let who = holder.map { "\($0.description) has been writing this run since \($0.since)" }
    return Failure(
      .exists,
      sentence: """
        \(folder): \(who ?? "another process is writing this run"), expected a folder that nobody writes into; stop that \
        process, or name another folder with \(setting: .directory).
        """)
  }

  // MARK: Taking it

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

  /// Makes the file.
  ///
  /// - Returns: True if there was none.
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

  /// Removes a lock that was left behind. Where the file system has locks, two processes that both have found it do not
  /// remove what the first of them has made since.
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

  /// Renews the file's time until the timer is canceled, as long as the file is the holder's.
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

  /// A lock as it was found.
  struct Sighting: Equatable {
    let contents: [UInt8]
    /// The time of its last renewal, and which file it is.
    let seconds, nanoseconds, number: Int

    /// Nil if there is none.
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
    /// By the clocks of this machine and of the file system's.
    var age: Duration { .seconds(time(nil) - seconds) }
  }
}

extension RunLock: Recorder {
  func runBegan(_ state: TrainingState) throws { try requireHeld() }
  func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws { try requireHeld() }
}

/// The process that holds a run's lock, as the lock's file says.
struct RunLockHolder {
  let process: ProcessIdentity
  /// The time at which it took the lock, by ISO 8601.
  let since: String

  /// This process, now.
  static var current: RunLockHolder {
    RunLockHolder(process: .current, since: Date.now.formatted(.iso8601))
  }

  /// The holder in words.
  var description: String { "process \(process.number) on \(process.host)" }

  /// The file's bytes: one JSON object.
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

  /// Nil for bytes that are no lock's: one that is just being made, or that a power failure has left.
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
