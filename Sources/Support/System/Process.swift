import Glibc
import Synchronization

/// A process among all that ever ran on any machine. Its number alone is not enough: numbers are given out again, every
/// machine has its own, and so has every container.
package struct ProcessIdentity: Equatable, Sendable {
  package let number: Int32
  /// The name of the machine.
  package let host: String
  /// The identifier of the machine's last start, by the kernel; empty if it does not say.
  package let boot: String
  /// The namespace in which the number counts, such as `pid:[4026531836]`.
  package let namespace: String
  /// The start of the process in clock ticks since that of the machine.
  package let start: UInt64

  package init(number: Int32, host: String, boot: String, namespace: String, start: UInt64) {
    self.number = number
    self.host = host
    self.boot = boot
    self.namespace = namespace
    self.start = start
  }

  /// This process.
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

  /// True if it still runs; nil if that cannot be told from this process: on another machine, in another container.
  package var isRunning: Bool? {
    let current = Self.current
    guard number > 0, !boot.isEmpty, (host, boot, namespace) == (current.host, current.boot, current.namespace) else {
      return nil
    }
    guard kill(number, 0) == 0 || errno != ESRCH else { return false }
    // Of other users' processes the system may show nothing but that they are there.
    guard let status = Self.status(of: number) else { return true }
    return status.start == start && !status.hasEnded
  }

  /// The name of this machine; Foundation's would ask the network for it.
  package static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let text = text(name.prefix { $0 != 0 })
    return text.isEmpty ? "localhost" : text
  }

  private static func text(_ characters: ArraySlice<CChar>) -> String {
    String(decoding: characters.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Fields of `/proc/<number>/stat`, `proc(5)`: the start is the 22nd. A process that has ended and that nobody has
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

/// Wishes that long work grants between two steps: to stop, or to save what it has and go on. Any thread may ask.
public final class Interruption: Sendable {
  private let signal = Atomic<Int32>(0)
  private let wantsCheckpoint = Atomic<Bool>(false)
  private let wantsSamples = Atomic<Bool>(false)

  public init() {}

  /// The signal that asked to stop; nil if none did.
  public var requested: Int32? {
    let value = signal.load(ordering: .relaxed)
    return value == 0 ? nil : value
  }

  /// Asks to stop, as a signal does.
  ///
  /// - Parameter number: The signal's: 2 is SIGINT, what Ctrl-C sends. Not 0.
  public func request(_ number: Int32 = 2) {
    signal.store(number, ordering: .relaxed)
  }

  /// Asks for a checkpoint after the step that is being made; the work goes on.
  ///
  /// - Parameter samples: Asks for a sheet of sample pictures, too.
  public func requestCheckpoint(samples: Bool = false) {
    // First, so that whoever writes samples before checkpoints rarely sees one wish without the other.
    if samples { wantsSamples.store(true, ordering: .sequentiallyConsistent) }
    wantsCheckpoint.store(true, ordering: .sequentiallyConsistent)
  }

  /// True if a checkpoint was asked for; the wish counts as granted from then on.
  package func takeCheckpointRequest() -> Bool { wantsCheckpoint.exchange(false, ordering: .sequentiallyConsistent) }

  /// True if a sheet of samples was asked for; the wish counts as granted from then on.
  package func takeSamplesRequest() -> Bool { wantsSamples.exchange(false, ordering: .sequentiallyConsistent) }
}

/// The memory of this machine.
package enum Memory {
  /// The bytes that this process may still take; nil if the system does not say.
  package static var available: Int? {
    guard let text = try? FileReader.read("/proc/meminfo") else { return nil }
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }
    return nil
  }
}
