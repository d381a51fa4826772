import Foundation
import Support
package import Tensors

/// The folder of a run's checkpoints: `step-00001000.safetensors` and so on, `latest`, which points to the newest, and
/// `best`, which points to the one with the best validation, if the run keeps it.
///
/// Writes are atomic, so that the program may be killed at any time: a file gets its name only when it is complete and
/// on the disk, and `latest` is changed after that.
package struct CheckpointStore {
  /// A function that makes a symbolic link at a path to a name in the same folder, and replaces an existing file or
  /// link.
  package typealias Linking = (_ path: String, _ name: String) throws -> Void

  package let folder: String
  /// The number of newest checkpoints that are kept.
  package let keep: Int

  private let link: Linking

  /// The name of the folder of checkpoints in a run directory.
  package static let folderName = "checkpoints"

  package init(
    folder: String, keep: Int,
    link: @escaping Linking = { path, name in try FileWriter.replaceLink(at: path, destination: name) }
  ) {
    self.folder = folder
    self.keep = keep
    self.link = link
  }

  /// The name of a checkpoint without its ending, such as `step-00001000`, zero-padded so that names sort by step.
  package static func name(step: Int) -> String {
    let digits = String(step)
    return "step-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }

  package func path(step: Int) -> String { folder + "/" + Self.name(step: step) + ".safetensors" }

  /// Writes a checkpoint, and removes the oldest ones and those of later steps. The latter remain if a run resumes from
  /// an older checkpoint, and belong to the abandoned continuation.
  ///
  /// - Parameter best: The step of the best checkpoint, which is kept in addition to the newest; nil if the run does
  ///   not keep the best.
  /// - Throws: `Failure` of the kind `inputOutput`; the older checkpoints are then unchanged.
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
      // The run was resumed from an older checkpoint, and the best one of the abandoned continuation has been removed.
      let pointer = folder + "/" + CheckpointPointer.best.rawValue
      if Path.existsUnfollowed(pointer) { try FileWriter.remove(pointer) }
      return
    }
    try CheckpointPointer.best.point(to: Self.name(step: step) + ".safetensors", in: folder, link: link)
  }

  /// The newest intact checkpoint.
  ///
  /// - Parameter onDamage: Receives a sentence for each newer checkpoint that cannot be read.
  /// - Returns: nil if there are no checkpoints.
  /// - Throws: `Failure` of the kind `data` if no checkpoint can be read.
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

  /// The steps of all checkpoints, newest first.
  private func steps() throws -> [Int] {
    try FileReader.names(in: folder).compactMap(Self.step(ofName:)).sorted(by: >)
  }

  /// The step in the file name of a checkpoint; nil for other names.
  package static func step(ofName name: String) -> Int? {
    guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
    let digits = name.dropFirst(5).dropLast(12)
    return digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(digits) : nil
  }
}

/// A pointer to a checkpoint in the same folder: a symbolic link or, on file systems without links (exFAT, network and
/// cloud drives), a small file that contains the checkpoint's name.
package enum CheckpointPointer: String {
  /// The newest checkpoint.
  case latest
  /// The checkpoint with the best validation.
  case best

  /// The largest size of a pointer file in bytes, above the length of any checkpoint's name.
  private static let sizeLimit = 64

  /// Makes the pointer lead to a checkpoint in the same folder.
  ///
  /// - Parameter link: Makes a symbolic link, and replaces an existing file or link.
  /// - Throws: `Failure` of the kind `inputOutput` if there can be neither a link nor a file.
  func point(to checkpoint: String, in folder: String, link: CheckpointStore.Linking) throws {
    let path = folder + "/" + rawValue
    do {
      try link(path, checkpoint)
    } catch {
      // An existing link is removed first, since writing through it would overwrite a checkpoint.
      if Path.linkTarget(at: path) != nil { try FileWriter.remove(path) }
      try FileWriter.writeAtomically(checkpoint + "\n", to: path)
    }
  }

  /// The path of the checkpoint that a pointer file names, or `path` itself if it is no pointer file. Symbolic links
  /// are left to the file system. Files of weights are longer than pointer files.
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
