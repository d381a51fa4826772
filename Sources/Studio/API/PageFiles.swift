import Dispatch
import Foundation
import Imaging
import InpaintingData
import Support
import Synchronization

/// The files of the page, read once. A request names one of them and never a path.
struct PageFiles: Sendable {
  private struct File: Sendable {
    let type: String
    let bytes: [UInt8]
  }

  private let files: [String: File]

  /// The name of the folder that the build puts beside the program.
  private static let bundleName = "Kintsugi_Studio.resources"
  private static let folderName = "Page"
  private static let types = [
    "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
  ]

  /// Reads the page from beside the program, or from the checkout that the program was built in.
  ///
  /// - Throws: `Failure` of the kind `missingInput` if there is none, with the folder to copy.
  init() throws {
    let program = Path.parent(of: Path.linkTarget(at: "/proc/self/exe") ?? "")
    try self.init(folders: [program + "/" + Self.bundleName + "/" + Self.folderName, Self.sources])
  }

  /// - Parameter folders: The candidate folders, of which the first with a page is used.
  init(folders: [String]) throws {
    guard let folder = folders.first(where: { Path.exists($0 + "/index.html") }) else {
      throw Failure(
        .missingInput,
        "\(Path.parent(of: folders.first ?? "")): expected the files of the page, found none; copy this folder beside the "
          + "program, from where it was built.")
    }
    var files: [String: File] = [:]
    func add(_ folder: String, _ prefix: String) throws {
      for name in try FileReader.names(in: folder) {
        let path = folder + "/" + name
        if Path.isFolder(path) {
          try add(path, prefix + name + "/")
        } else if let type = Self.types[name.split(separator: ".").last.map(String.init) ?? ""] {
          files[prefix + name] = File(type: type, bytes: try FileReader.read(path, limit: 4 << 20))
        }
      }
    }
    try add(folder, "")
    self.files = files
  }

  private static var sources: String { Path.parent(of: Path.parent(of: #filePath)) + "/" + folderName }

  /// The response to the path of a file; nil if there is none. An empty path is the page itself.
  func response(_ path: [String]) -> HTTPResponse? {
    files[path.isEmpty ? "index.html" : path.joined(separator: "/")].map {
      HTTPResponse(type: $0.type, $0.bytes, fields: [HTTPField("Cache-Control", "no-cache")])
    }
  }
}

/// The example pictures of the page: scenes of the built-in generator, drawn on demand.
final class ExamplePictures: Sendable {
  /// Scenes of the generator's series, chosen by eye.
  private static let scenes = [57, 37, 12]
  private static let (seed, size): (UInt64, Int) = (7, 640)

  private let drawn = Mutex<[Int: [UInt8]]>([:])

  static var count: Int { scenes.count }

  /// An example as a PNG file.
  ///
  /// - Parameter number: The number of the example, from 1.
  /// - Throws: `HTTPError` with the status 404 for another number; `Failure`.
  func png(_ number: String) async throws -> [UInt8] {
    guard let number = Int(number), (1...Self.count).contains(number) else {
      throw HTTPError(404, "The example: expected a number from 1 to \(Self.count), found another one.")
    }
    if let bytes = drawn.withLock({ $0[number] }) { return bytes }
    let bytes = try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          with: Result {
            try ProceduralScene(seed: Self.seed, index: Self.scenes[number - 1], size: Self.size).picture.encoded(
              as: .png)
          })
      }
    }
    drawn.withLock { $0[number] = bytes }
    return bytes
  }
}
