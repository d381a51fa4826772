import Foundation
import Support

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
