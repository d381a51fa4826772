import Foundation
import Support
import TestSupport

@testable import InpaintingModels

/// A file of PyTorch that tests write again and again.
struct FileOnDisk {
  private let folder: TemporaryFolder
  private var path: String { folder.file("m.pth") }

  init() throws {
    folder = try TemporaryFolder()
  }

  func reader(_ bytes: [UInt8]) throws -> PyTorchReader {
    // Thousands of files: none needs to survive a crash.
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try PyTorchReader(path: path)
  }

  /// The sentence with which a file is refused, without the path.
  func refusal(_ bytes: [UInt8]) -> String? {
    do {
      _ = try reader(bytes)
      return nil
    } catch {
      guard let failure = error as? Failure, failure.kind == .data else { return "another error: \(error)" }
      return failure.message.replacing(path, with: "")
    }
  }
}
