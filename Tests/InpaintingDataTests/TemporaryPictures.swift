import Foundation
import Imaging
import Tensors
import TestSupport
import Testing

@testable import InpaintingData
@testable import Support

extension TemporaryFolder {
  /// Writes a file, with the folders on the way to it.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  /// Writes a picture of one color, `value` in each channel.
  @discardableResult
  func writePicture(value: UInt8, width: Int = 20, height: Int = 16, to name: String) throws -> String {
    let picture = Picture(width: width, height: height, filledWith: [value, value, value])
    return try write(picture.pngData(), to: name)
  }

  /// Writes pictures of the values 0..<count, each in its own file.
  func writePictures(count: Int) throws -> PictureCollection {
    for value in 0..<count { try writePicture(value: UInt8(value), to: "picture-\(100 + value).png") }
    return try PictureCollection(.folder(path), seed: 1)
  }
}

/// The `Failure` that an expression must throw.
func failure<Result>(of body: () throws -> Result) throws -> Failure {
  try #require(throws: Failure.self) { _ = try body() }
}
