import Foundation
import Support
import Synchronization

/// The origin of pictures, as named by a flag or a configuration.
package enum PictureSource: Equatable, Sendable {
  /// Every picture in a folder and its subfolders.
  case folder(String)
  /// A text file with one path a line, relative to its own folder.
  case list(String)
  /// The built-in pictures, generated as they are needed.
  case builtIn(ProceduralScene.Kind)

  /// Recognizes the name of a series of built-in pictures, a folder, or a list file (`.txt`, `.flist`); a leading `~`
  /// is the home folder.
  ///
  /// - Throws: `Failure` of kind `missingInput` if there is no such path, `data` if it is another kind of file.
  package init(_ argument: String) throws {
    if let kind = ProceduralScene.Kind(rawValue: argument) {
      self = .builtIn(kind)
      return
    }
    let path = (argument as NSString).expandingTildeInPath
    switch FileKind(ofPath: path) {
    case .folder:
      self = .folder(path)
    case .file where ["txt", "flist"].contains((path as NSString).pathExtension.lowercased()):
      self = .list(path)
    case .file, .other:
      throw Failure(
        .data,
        "\(argument): expected \(PictureSource.expected), found another kind of file."
      )
    case nil:
      throw Failure(
        .missingInput,
        "\(argument): expected \(PictureSource.expected), found nothing there."
      )
    }
  }

  private static let expected =
    "a folder of pictures, a list file (.txt or .flist) or one of the words "
    + ProceduralScene.Kind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " and ")

  /// The pictures of a folder or list; none for the built-in ones. Files are not opened.
  ///
  /// - Throws: `Failure` of kind `missingInput` if the folder, the list or one of its lines' files does not exist,
  ///   `data` if there are no pictures, `inputOutput` if the folder or the list cannot be read.
  package func listing() throws -> PictureListing {
    switch self {
    case .folder(let path): try FolderListing(path).listing
    case .list(let path): try ListFile(path).listing
    case .builtIn: PictureListing()
    }
  }

  package var isBuiltIn: Bool { if case .builtIn = self { true } else { false } }

  /// The path of the folder or list, or the word for the built-in pictures.
  package var path: String {
    switch self {
    case .folder(let path), .list(let path): path
    case .builtIn(let kind): kind.rawValue
    }
  }
}

/// The picture that each sample of a training run shows: every picture once an epoch, each epoch in another order.
///
/// A pure function of the seed and the sample's number, so that the position in the data is one integer.
package final class EpochOrder: Sendable {
  private let count: Int?
  private let seed: UInt64
  /// The permutations of the epochs in use: workers that look ahead may be in the next one already.
  private let recent = Mutex<[(epoch: Int, permutation: [Int])]>([])

  /// - Parameter count: The number of pictures; nil if every sample gets a new one.
  package init(count: Int?, seed: UInt64) {
    precondition(count ?? 1 > 0, "EpochOrder: expected at least one picture")
    self.count = count
    self.seed = seed
  }

  /// The epoch that a sample belongs to, and its picture.
  ///
  /// - Parameters:
  ///   - sample: The number of the sample since the start of the run, from 0.
  ///   - skipped: The number of pictures of the epoch to skip, wrapping around at its end: a picture that cannot be
  ///     used is replaced by the next one.
  package func position(ofSample sample: Int, skipping skipped: Int = 0) -> (epoch: Int, picture: Int) {
    precondition(sample >= 0 && skipped >= 0, "EpochOrder.position: samples are numbered from 0, not \(sample)")
    guard let count else { return (0, sample + skipped) }
    let (epoch, place) = sample.quotientAndRemainder(dividingBy: count)
    return (epoch, permutation(ofEpoch: epoch, count: count)[(place + skipped) % count])
  }

  /// The order of an epoch: computed once, as long as no worker is two epochs ahead of another.
  private func permutation(ofEpoch epoch: Int, count: Int) -> [Int] {
    recent.withLock { recent in
      if let known = recent.first(where: { $0.epoch == epoch }) { return known.permutation }
      var stream = RandomStream(seed: seed, purpose: "order", step: epoch)
      let permutation = stream.permutation(count: count)
      recent = recent.suffix(1) + [(epoch, permutation)]
      return permutation
    }
  }
}

/// The members of a list of names that are held out: those whose hash is small, about one in 20.
struct HeldOutSplit {
  let indices: Set<Int>

  /// - Parameters:
  ///   - names: The names to choose from; only their bytes count, not their order.
  ///   - limit: The maximum number to choose; of more, those with the smallest hashes. At least one name is chosen if
  ///     there are two, and at least one is left.
  init(names: [String], limit: Int) {
    let most = min(limit, names.count - 1)
    guard most > 0 else {
      indices = []
      return
    }
    let ranked = names.enumerated().map { (index: $0.offset, hash: HeldOutSplit.hash($0.element), name: $0.element) }
      .sorted {
        if $0.hash != $1.hash { return $0.hash < $1.hash }
        return $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
      }
    let chosen = ranked.prefix { $0.hash < UInt64.max / 20 }.prefix(most)
    indices = Set((chosen.isEmpty ? ranked.prefix(1) : chosen).map(\.index))
  }

  /// A 64-bit hash of a name's bytes, the same on every machine.
  private static func hash(_ name: String) -> UInt64 {
    var stream = RandomStream(seed: 0, purpose: "held out " + name)
    return stream.next()
  }
}
