import Foundation
import Support
package import Tensors

/// The checkpoints of a run: `step-00001000.safetensors` and so on, `latest`, which points to the newest, and `best` where
/// the best is kept.
///
/// A file appears under its name only when it is whole and on the disk, and `latest` moves after that: the program may
/// be killed at any instant.
package struct CheckpointStore {
  /// Makes a symbolic link at a path, in place of what is there, that leads to a name in the same folder.
  package typealias Linking = (_ path: String, _ name: String) throws -> Void

  package let folder: String
  /// The number of checkpoints that stay.
  package let keep: Int

  private let link: Linking

  /// The name of this folder in a run's directory.
  package static let folderName = "checkpoints"

  package init(
    folder: String, keep: Int,
    link: @escaping Linking = { path, name in try FileWriter.replaceLink(at: path, destination: name) }
  ) {
    self.folder = folder
    self.keep = keep
    self.link = link
  }

  /// `step-00001000`: names in the order of the steps.
  package static func name(step: Int) -> String {
    let digits = String(step)
    return "step-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }

  package func path(step: Int) -> String { folder + "/" + Self.name(step: step) + ".safetensors" }

  /// Writes a checkpoint and removes the oldest ones, and those of later steps: a run that went on from an older
  /// checkpoint has left them behind, and must not be resumed from them.
  ///
  /// - Parameter best: The step of the best checkpoint, which stays beside the newest; nil if none is kept.
  /// - Throws: `Failure` of the kind `inputOutput`; then the older checkpoints are as they were.
  package func save(_ tensors: [(name: String, value: Tensor)], fields: CheckpointFields, best: Int? = nil) throws {
    var checksum = Checksum()
    for tensor in tensors { tensor.value.withElements { checksum.add($0) } }
    let target = path(step: fields.step)
    try SafeTensorsWriter.write(
      tensors.map { ($0.name, $0.value.shape) }, metadata: fields.metadata + [("checksum", checksum.text)], to: target
    ) { index, write in
      try tensors[index].value.withElements { try write($0) }
    }
    try CheckpointPointer.latest.point(to: (target as NSString).lastPathComponent, in: folder, link: link)
    if let best { try point(toBest: best) }
    let others = try steps().filter { $0 != fields.step }
    let surplus = others.filter { $0 > fields.step } + others.filter { $0 < fields.step }.dropFirst(keep - 1)
    for step in surplus where step != best { try FileWriter.remove(path(step: step)) }
  }

  private func point(toBest step: Int) throws {
    guard Path.exists(path(step: step)) else {
      // A run that went on from an older checkpoint: what was the best then has been removed since.
      let pointer = folder + "/" + CheckpointPointer.best.rawValue
      if Path.existsUnfollowed(pointer) { try FileWriter.remove(pointer) }
      return
    }
    try CheckpointPointer.best.point(to: Self.name(step: step) + ".safetensors", in: folder, link: link)
  }

  /// The newest checkpoint that can be read.
  ///
  /// - Parameter onDamage: Gets a sentence for each newer one that cannot.
  /// - Returns: nil if there is none at all.
  /// - Throws: `Failure` of the kind `data` if there are some and none can be read.
  package func newest(onDamage: (String) -> Void) throws -> LoadedCheckpoint? {
    let steps = try steps()
    for step in steps {
      do {
        return try LoadedCheckpoint(path: path(step: step))
      } catch let failure as Failure where failure.kind == .data || failure.kind == .inputOutput {
        onDamage("\(failure.sentence.withoutFullStop.text()); the checkpoint before it is tried.")
      }
    }
    guard let first = steps.first else { return nil }
    throw Failure(
      .data,
      "\(folder): expected a checkpoint that can be read, found none among \(steps.count); the newest is \(path(step: first))."
    )
  }

  /// The steps of which there are checkpoints, newest first.
  private func steps() throws -> [Int] {
    try FileReader.names(in: folder).compactMap(Self.step(ofName:)).sorted(by: >)
  }

  /// The step of a checkpoint by the name of its file; nil if that is no name of a checkpoint.
  package static func step(ofName name: String) -> Int? {
    guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
    let digits = name.dropFirst(5).dropLast(12)
    return digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(digits) : nil
  }
}

/// A file beside checkpoints that names one of them: a symbolic link, or where the file system has none (exFAT, network and
/// cloud drives) a small file with the checkpoint's name in it.
package enum CheckpointPointer: String {
  /// The newest.
  case latest
  /// The one of which the validation was the best.
  case best

  /// More than any name of a checkpoint has.
  private static let sizeLimit = 64

  /// Points to a checkpoint in the same folder.
  ///
  /// - Parameter link: Makes a link, in place of a file or link that is there.
  /// - Throws: `Failure` of the kind `inputOutput` if there can be neither a link nor a file.
  func point(to checkpoint: String, in folder: String, link: CheckpointStore.Linking) throws {
    let path = folder + "/" + rawValue
    do {
      try link(path, checkpoint)
    } catch {
      // A link from elsewhere must go first: what writes through links would write into a checkpoint.
      if Path.linkTarget(at: path) != nil { try FileWriter.remove(path) }
      try FileWriter.writeAtomically(checkpoint + "\n", to: path)
    }
  }

  /// The checkpoint that a path means: the one that a small file names, or else what is there itself. Links lead where they
  /// lead without this. No file of weights is as short.
  package static func target(of path: String) -> String {
    var status = stat()
    guard path.withPathBytes({ stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size <= sizeLimit,
      let bytes = try? FileReader.read(path, limit: sizeLimit)
    else { return path }
    let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard CheckpointStore.step(ofName: text) != nil else { return path }
    return Path.parent(of: path) + "/" + text
  }
}
