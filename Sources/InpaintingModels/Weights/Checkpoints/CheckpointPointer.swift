import Foundation
import Support

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
