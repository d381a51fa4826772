import Foundation
import Support
import Tensors

/// The checkpoints of a run: `step-00001000.safetensors` and so on, and a link `latest` to the newest.
///
/// A file appears under its name only when it is whole and on the disk, and `latest` moves after that: the program may
/// be killed at any instant.
package struct CheckpointStore {
  package let folder: String
  /// How many checkpoints stay.
  package let keep: Int

  package static let linkName = "latest"
  /// The name of this folder in a run's directory.
  package static let folderName = "checkpoints"

  package init(folder: String, keep: Int) {
    self.folder = folder
    self.keep = keep
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
  /// - Throws: `Failure` of the kind `inputOutput`; then the older checkpoints are as they were.
  package func save(_ tensors: [(name: String, value: Tensor)], fields: CheckpointFields) throws {
    var checksum = Checksum()
    for tensor in tensors { tensor.value.withElements { checksum.add($0) } }
    let target = path(step: fields.step)
    try SafeTensorsWriter.write(
      tensors.map { ($0.name, $0.value.shape) }, metadata: fields.metadata + [("checksum", checksum.text)], to: target
    ) { index, write in
      try tensors[index].value.withElements { try write($0) }
    }
    try FileWriter.replaceLink(
      at: folder + "/" + Self.linkName, destination: (target as NSString).lastPathComponent)
    let others = try steps().filter { $0 != fields.step }
    let surplus = others.filter { $0 > fields.step } + others.filter { $0 < fields.step }.dropFirst(keep - 1)
    for step in surplus { try FileWriter.remove(path(step: step)) }
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
        onDamage("\(failure.message) The checkpoint before it is tried.")
      }
    }
    guard let first = steps.first else { return nil }
    throw Failure(
      .data, "None of the \(steps.count) checkpoints in \(folder) can be read; the newest is \(path(step: first)).")
  }

  /// The steps of which there are checkpoints, newest first.
  private func steps() throws -> [Int] {
    try FileReader.names(in: folder).compactMap { name in
      guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
      return Int(name.dropFirst(5).dropLast(12))
    }.sorted(by: >)
  }
}
