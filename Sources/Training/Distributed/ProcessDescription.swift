import Foundation
import InpaintingModels
import Kernels
import Support

/// The description that a process of several gives of itself before they begin, for all must train the same, and some things
/// are better known.
struct ProcessDescription: Equatable {
  /// The name of the machine.
  var host = ProcessIdentity.hostName
  /// The numbers of the processors on which the system lets the process run.
  var processors = Processors.allowed
  /// The processor's name, and what the last bits of its numbers depend on.
  var processorType = "\(Machine.processorName), \(CheckpointFields.currentBLAS)"
  /// The hash of the program's file.
  var program: String
  /// The whole configuration.
  var configuration: JSONValue
  /// The list of pictures that are trained on, in short; empty for built-in ones.
  var pictures: String
  /// The options that decide what all processes do at a step.
  var timeLimit: String

  init(_ configuration: TrainingConfiguration, pictures: PictureList?, timeLimit: Duration?) throws {
    program = try Self.programHash.get()
    self.configuration = configuration.resolved
    self.pictures = pictures?.text ?? ""
    self.timeLimit = timeLimit.map { "\($0 / .seconds(60)) minutes" } ?? "no limit"
  }

  /// The settings that each process may have of its own: they change no number.
  private static let ownKeys = [["training", "threads"], ["data", "workers"]]

  /// - Parameters:
  ///   - first: The first process's.
  ///   - rank: The number of the process that this is of.
  /// - Returns: The sentence about what keeps both from training together; nil if nothing does.
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

  /// That of the file that this process runs. It is read once: it may be replaced by another build later.
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

  /// - Throws: `Failure` of the kind `internalError` if it is of another version of this program.
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
  /// Those of all processes.
  ///
  /// - Throws: `Failure` of the kind `configuration` if they cannot train together.
  static func gathered(_ own: ProcessDescription, _ communicator: any Communicator) throws -> [ProcessDescription] {
    let all = try communicator.allGather(own.bytes).map { try ProcessDescription($0) }
    for (rank, other) in all.enumerated() {
      if let difference = other.difference(from: all[0], rank: rank) { throw Failure(.configuration, difference) }
    }
    return all
  }

  /// A sentence about processors of several types; nil if there is one type.
  var remarkOnTypes: String? {
    guard let other = firstIndex(where: { $0.processorType != self[0].processorType }) else { return nil }
    return "rank \(other) on \(self[other].host) computes on \(self[other].processorType), and rank 0 on "
      + "\(self[0].processorType): the weights are the same on all ranks, but not bit for bit those of other machines"
  }

  /// The threads of a process: its share of the processors that it may use.
  ///
  /// - Parameter rank: Its number.
  func threads(of rank: Int) -> Int {
    let own = Set(self[rank].processors)
    let sharing = filter { $0.host == self[rank].host && !own.isDisjoint(with: $0.processors) }.count
    return Swift.max(1, own.count / Swift.max(1, sharing))
  }
}

/// The processors of this machine.
enum Processors {
  /// The numbers of those on which the system lets this process run; launchers may bind it to a few.
  static var allowed: [Int] {
    let status = (try? FileReader.read("/proc/self/status")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let found = allowed(inStatus: status)
    return found.isEmpty ? Array(0..<ProcessInfo.processInfo.activeProcessorCount) : found
  }

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
