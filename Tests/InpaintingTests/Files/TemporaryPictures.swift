import Foundation
import Imaging
import Tensors
import TestSupport

@testable import Inpainting
@testable import Support

extension TemporaryFolder {
  /// Writes a picture under a relative name, whose folders are made, and returns its path.
  @discardableResult
  func add(_ picture: Picture, _ name: String) throws -> String {
    let path = file(name)
    try FileWriter.createFolder((path as NSString).deletingLastPathComponent)
    try picture.write(to: path)
    return path
  }

  func picture(_ name: String) throws -> Picture { try Picture(contentsOfFile: file(name)) }

  /// A request with paths in this folder.
  func request(_ image: String, _ hole: String?, _ output: String) -> InpaintingRequest {
    InpaintingRequest(image: file(image), hole: hole.map(file), output: file(output))
  }
}

/// The failure that a body ends with; nil if it succeeds.
func failure(of body: () throws -> Void) -> Failure? {
  do {
    try body()
    return nil
  } catch {
    return error as? Failure
  }
}
