import Foundation
import InpaintingModels
import Kernels
import Support

/// The description of one rank: its machine, program, configuration and data.
///
/// Ranks exchange their descriptions before training. All must train the same configuration on the same pictures with
/// the same program; machines and processors may differ, and are reported.
struct ProcessDescription: Equatable {
  /// The name of the machine.
  var host = ProcessIdentity.hostName
  /// The numbers of the processors on which the operating system may run the process (its CPU affinity).
  var processors = Processors.allowed
  /// The name of the processor, and of OpenBLAS's kernel for it, on which the last bits of results depend.
  var processorType = "\(Machine.processorName), \(CheckpointFields.currentBLAS)"
  /// The SHA-256 hash of the program's file.
  var program: String
  /// The configuration with all defaults.
  var configuration: JSONValue
  /// The number of training pictures and the hash of their names; empty for built-in pictures.
  var pictures: String
  /// The time limit as text, which must be equal on all ranks, because it ends training.
  var timeLimit: String

  init(_ configuration: TrainingConfiguration, pictures: PictureList?, timeLimit: Duration?) throws {
    program = try Self.programHash.get()
    self.configuration = configuration.resolved
    self.pictures = pictures?.text ?? ""
    self.timeLimit = timeLimit.map { "\($0 / .seconds(60)) minutes" } ?? "no limit"
  }

  /// The settings that may differ between ranks, because results do not depend on them.
  private static let ownKeys = [["training", "threads"], ["data", "workers"]]

  /// The first difference that keeps this rank and rank 0 from training together.
  ///
  /// - Parameters:
  ///   - first: The description of rank 0.
  ///   - rank: The rank that this description is of.
  /// - Returns: A message; nil if there is no such difference.
  func difference(from first: ProcessDescription, rank: Int) -> String? {
    let place = "rank \(rank) on \(host)"
    let changes = first.configuration.removing(Self.ownKeys)
      .differences(from: configuration.removing(Self.ownKeys))
    if let change = changes.first {
      return "\(place): \(change.path) is \(change.new ?? "not set") there and \(change.old ?? "not set") on rank 0, "
        + "expected one configuration."
    }
    if pictures != first.pictures {
      return "\(place): the list of pictures is another than rank 0's (their number and the hash of their names are "
        + "\(pictures.isEmpty ? "none" : pictures) there and \(first.pictures.isEmpty ? "none" : first.pictures) on rank "
        + "0), expected the same files on all machines."
    }
    if timeLimit != first.timeLimit {
      return "\(place): the time limit is \(timeLimit) there and \(first.timeLimit) on rank 0, expected one."
    }
    if program != first.program {
      return
        "\(place): the program is another build than rank 0's (\(program.prefix(16)) and \(first.program.prefix(16)))"
        + ", expected one file, copied to all machines."
    }
    return nil
  }

  /// The hash of the running program's file, which is read once, because another build may replace the file later.
  private static let programHash = Result<String, Failure> { () throws(Failure) in
    do {
      var hash = SHA256()
      hash.add(try FileReader.read("/proc/self/exe"))
      return hash.text
    } catch {
      throw error as? Failure ?? Failure(.internalError, "\(error)")
    }
  }

  // MARK: Bytes

  var bytes: [UInt8] {
    let json: JSONValue = [
      "host": JSONValue(host), "processors": JSONValue(processors.map { JSONValue($0) }),
      "processor_type": JSONValue(processorType), "program": JSONValue(program), "configuration": configuration,
      "pictures": JSONValue(pictures), "time_limit": JSONValue(timeLimit),
    ]
    return Array(json.write().utf8)
  }

  /// Decodes a description.
  ///
  /// - Throws: `Failure` of the kind `internalError` if a value is missing, as from another version of this program.
  init(_ bytes: [UInt8]) throws {
    let json = try JSONValue(parsing: bytes, as: .strict, source: "a process", kind: .internalError)
    func text(_ key: String) throws -> String {
      guard case .string(let text)? = json[key]?.content else {
        throw Failure(.internalError, "a process: expected its \(key), found none; run one program on all machines.")
      }
      return text
    }
    host = try text("host")
    processorType = try text("processor_type")
    program = try text("program")
    pictures = try text("pictures")
    timeLimit = try text("time_limit")
    configuration = json["configuration"] ?? [:]
    processors = []
    if case .array(let numbers)? = json["processors"]?.content {
      processors = numbers.compactMap { if case .number(let number) = $0.content { number.integer } else { nil } }
    }
  }
}

extension [ProcessDescription] {
  /// Exchanges descriptions by an all-gather.
  ///
  /// - Returns: The descriptions of all ranks, in the order of ranks.
  /// - Throws: `Failure` of the kind `configuration` if the ranks cannot train together.
  static func gathered(_ own: ProcessDescription, _ communicator: any Communicator) throws -> [ProcessDescription] {
    let all = try communicator.allGather(own.bytes).map { try ProcessDescription($0) }
    for (rank, other) in all.enumerated() {
      if let difference = other.difference(from: all[0], rank: rank) { throw Failure(.configuration, difference) }
    }
    return all
  }

  /// A remark on processors of different types; nil if all ranks have processors of one type.
  var remarkOnTypes: String? {
    guard let other = firstIndex(where: { $0.processorType != self[0].processorType }) else { return nil }
    return "rank \(other) on \(self[other].host) computes on \(self[other].processorType), and rank 0 on "
      + "\(self[0].processorType): the weights are the same on all ranks, but not bit for bit those of other machines"
  }

  /// The number of threads of a rank: the number of processors on which it may run, divided by the number of ranks that
  /// share some of them, and 1 at least.
  func threads(of rank: Int) -> Int {
    let own = Set(self[rank].processors)
    let sharing = filter { $0.host == self[rank].host && !own.isDisjoint(with: $0.processors) }.count
    return Swift.max(1, own.count / Swift.max(1, sharing))
  }
}

/// The processors of this machine.
enum Processors {
  /// The numbers of the processors on which the operating system may run this process. Launchers may bind each rank to a
  /// few. All active processors if the system does not say.
  static var allowed: [Int] {
    let status = (try? FileReader.read("/proc/self/status")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let found = allowed(inStatus: status)
    return found.isEmpty ? Array(0..<ProcessInfo.processInfo.activeProcessorCount) : found
  }

  /// The numbers in the list of allowed processors; empty if there is none.
  ///
  /// - Parameter text: The contents of `/proc/self/status`, with a line such as `Cpus_allowed_list: 0-3,8`.
  static func allowed(inStatus text: String) -> [Int] {
    let line = text.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
    let list = line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? ""
    return list.split(separator: ",").flatMap { range -> [Int] in
      let ends = range.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last else { return [] }
      return Array(first...last)
    }
  }
}
