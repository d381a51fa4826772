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
