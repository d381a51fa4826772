import Glibc
import Synchronization

/// The unique identity of a process. Its process ID is not enough: IDs are reused, and every machine and every
/// container has its own.
package struct ProcessIdentity: Equatable, Sendable {
  package let number: Int32
  /// The name of the machine.
  package let host: String
  /// The kernel's boot ID; empty if it is unknown.
  package let boot: String
  /// The namespace of the process ID, such as `pid:[4026531836]`.
  package let namespace: String
  /// The start time of the process in clock ticks since boot.
  package let start: UInt64

  package init(number: Int32, host: String, boot: String, namespace: String, start: UInt64) {
    self.number = number
    self.host = host
    self.boot = boot
    self.namespace = namespace
    self.start = start
  }

  package static var current: ProcessIdentity { ProcessIdentity(number: getpid()) }

  /// A process of this machine.
  init(number: Int32) {
    let boot = (try? FileReader.read("/proc/sys/kernel/random/boot_id")) ?? []
    var link = [CChar](repeating: 0, count: 64)
    let length = readlink("/proc/self/ns/pid", &link, link.count)
    self.init(
      number: number, host: Self.hostName, boot: String(decoding: boot.filter { $0 > 32 }, as: UTF8.self),
      namespace: Self.text(link.prefix(max(0, length))), start: Self.status(of: number)?.start ?? 0)
  }

  /// True if it still runs; nil if it is unknown, as for another machine or container.
  package var isRunning: Bool? {
    let current = Self.current
    guard number > 0, !boot.isEmpty, (host, boot, namespace) == (current.host, current.boot, current.namespace) else {
      return nil
    }
    guard kill(number, 0) == 0 || errno != ESRCH else { return false }
    // The system may hide the status of other users' processes.
    guard let status = Self.status(of: number) else { return true }
    return status.start == start && !status.hasEnded
  }

  /// The name of this machine; Foundation's property may query the network.
  package static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let text = text(name.prefix { $0 != 0 })
    return text.isEmpty ? "localhost" : text
  }

  private static func text(_ characters: ArraySlice<CChar>) -> String {
    String(decoding: characters.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Fields of `/proc/<number>/stat`, `proc(5)`: the start is the 22nd. A process that has ended and has not been
  /// waited for is a zombie, `Z`.
  private static func status(of number: Int32) -> (start: UInt64, hasEnded: Bool)? {
    guard let bytes = try? FileReader.read("/proc/\(number)/stat") else { return nil }
    // The second field is a name in parentheses, which may hold anything.
    let text = String(decoding: bytes, as: UTF8.self)
    guard let name = text.lastIndex(of: ")") else { return nil }
    let fields = text[name...].dropFirst().split(separator: " ")
    guard fields.count > 19, let start = UInt64(fields[19]) else { return nil }
    return (start, ["Z", "X", "x"].contains(fields[0]))
  }
}

/// Requests that a long computation honors between two steps: to stop, or to write a checkpoint and go on. Any thread
/// may make them.
public final class Interruption: Sendable {
  private let signal = Atomic<Int32>(0)
  private let wantsCheckpoint = Atomic<Bool>(false)
  private let wantsSamples = Atomic<Bool>(false)

  public init() {}

  /// The signal that requested a stop; nil if there was none.
  public var requested: Int32? {
    let value = signal.load(ordering: .relaxed)
    return value == 0 ? nil : value
  }

  /// Requests a stop, as a signal does.
  ///
  /// - Parameter number: The number of the signal, not 0; 2 is SIGINT, which Ctrl-C sends.
  public func request(_ number: Int32 = 2) {
    signal.store(number, ordering: .relaxed)
  }

  /// Requests a checkpoint after the current step; the computation goes on.
  ///
  /// - Parameter samples: True requests a contact sheet of samples, too.
  public func requestCheckpoint(samples: Bool = false) {
    // Stored first, so that a loop that takes samples before checkpoints rarely sees one request without the other.
    if samples { wantsSamples.store(true, ordering: .sequentiallyConsistent) }
    wantsCheckpoint.store(true, ordering: .sequentiallyConsistent)
  }

  /// Returns true if a checkpoint was requested, and clears the request.
  package func takeCheckpointRequest() -> Bool { wantsCheckpoint.exchange(false, ordering: .sequentiallyConsistent) }

  /// Returns true if a sheet of samples was requested, and clears the request.
  package func takeSamplesRequest() -> Bool { wantsSamples.exchange(false, ordering: .sequentiallyConsistent) }
}

/// The memory of this machine.
package enum Memory {
  /// The available memory in bytes; nil if it is unknown.
  package static var available: Int? {
    guard let text = try? FileReader.read("/proc/meminfo") else { return nil }
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }
    return nil
  }
}
