import Foundation
import Inpainting
import InpaintingModels
import Support
import Synchronization

/// A cache of the most recently used networks.
final class LoadedModels: Sendable {
  /// Reads weights with the options of the command line.
  typealias Loading = @Sendable (_ path: String) throws -> Inpainter

  /// The capacity: two, for comparing side by side.
  private static let count = 2

  private struct Loaded {
    let path: String
    let version: FileVersion
    let inpainter: Inpainter
  }

  private let load: Loading
  /// The networks, the most recently used last.
  private let loaded = Mutex<[Loaded]>([])

  init(load: @escaping Loading) { self.load = load }

  /// A network with the current weights at a path.
  ///
  /// - Throws: `Failure` as `Inpainter.init(weights:)`.
  func inpainter(path: String) throws -> Inpainter {
    let version = FileVersion(of: path)
    let known = loaded.withLock { loaded -> Inpainter? in
      guard let index = loaded.firstIndex(where: { $0.path == path && $0.version == version }) else { return nil }
      let found = loaded.remove(at: index)
      loaded.append(found)
      return found.inpainter
    }
    if let known { return known }
    let inpainter = try load(path)
    loaded.withLock { loaded in
      loaded.removeAll { $0.path == path }
      loaded.append(Loaded(path: path, version: version, inpainter: inpainter))
      if loaded.count > Self.count { loaded.removeFirst() }
    }
    return inpainter
  }
}

/// The version of a file: inode, size and modification time.
struct FileVersion: Equatable, Sendable {
  private let numbers: [Int]

  init(of path: String) {
    var status = stat()
    let exists = path.withPathBytes { stat($0, &status) } == 0
    numbers =
      exists
      ? [Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec] : []
  }
}
