import Foundation
import InpaintingModels
import Kernels
import Support

/// The hardware and software on which a benchmark has run.
struct Machine {
  /// The processor's name, as it says itself.
  let processor: String
  /// The number of active logical processors. In virtual machines, several are often hardware threads of one core.
  let processorCount: Int
  /// OpenBLAS's name and version, and its kernel for the processor.
  let blas: String
  /// The version of the Swift compiler, as it states it; nil if there is none.
  let swift: String?

  init() {
    processor = Self.processorName
    processorCount = ProcessInfo.processInfo.activeProcessorCount
    blas = CheckpointFields.currentBLAS
    swift = Self.swiftVersion
  }

  /// The processor's name, as it says itself.
  static var processorName: String {
    let information = (try? FileReader.read("/proc/cpuinfo")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return processor(inInfo: information) ?? "a processor without a name"
  }

  /// The first model name; nil if there is none.
  ///
  /// - Parameter text: The contents of `/proc/cpuinfo`.
  static func processor(inInfo text: String) -> String? {
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static var swiftVersion: String? {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["swift", "--version"]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? text.split(separator: "\n").first.map(String.init) : nil
  }
}

/// The peak memory of this process.
enum PeakMemory {
  /// The peak resident memory in bytes (`VmHWM`); nil if the system does not report it.
  static var resident: Int? {
    guard let status = try? FileReader.read("/proc/self/status") else { return nil }
    return resident(inStatus: String(decoding: status, as: UTF8.self))
  }

  /// The value of `VmHWM` in bytes; nil if there is none.
  ///
  /// - Parameter text: The contents of `/proc/self/status`.
  static func resident(inStatus text: String) -> Int? {
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
    return kibibytes.map { $0 << 10 }
  }
}
