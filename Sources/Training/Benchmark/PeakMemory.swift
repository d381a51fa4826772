import Support

/// The most memory that this process has had.
enum PeakMemory {
  /// Bytes of resident memory, `VmHWM`; nil if the system does not say.
  static var resident: Int? {
    guard let status = try? FileReader.read("/proc/self/status") else { return nil }
    return resident(inStatus: String(decoding: status, as: UTF8.self))
  }

  /// - Parameter text: What `/proc/self/status` holds.
  static func resident(inStatus text: String) -> Int? {
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
    return kibibytes.map { $0 << 10 }
  }
}
