import Foundation
import Inpainting
import InpaintingModels
import Support
import Synchronization

/// The networks that were used last, ready to fill.
final class LoadedModels: Sendable {
  /// Reads weights as the command line says.
  typealias Loading = @Sendable (_ path: String) throws -> Inpainter

  /// Two, to be compared side by side.
  private static let count = 2

  private struct Loaded {
    let path: String
    let version: FileVersion
    let inpainter: Inpainter
  }

  private let load: Loading
  /// The one used last comes last.
  private let loaded = Mutex<[Loaded]>([])

  init(load: @escaping Loading) { self.load = load }

  /// A network with the weights that a path leads to now.
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

/// The identity of a file's contents, as far as the file system tells.
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
