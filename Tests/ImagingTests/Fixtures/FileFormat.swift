@testable import Imaging

extension PictureFormat {
  /// The file of a picture in the format, without loss where that is possible.
  func file(of picture: Picture) throws -> [UInt8] {
    switch self {
    case .jpeg: try picture.jpegData()
    case .png: try picture.pngData()
    case .webp: try picture.webpData()
    }
  }

  /// The file with other EXIF data of the same length, such as the orientation that writing never leaves in.
  func file(of picture: Picture, replacing written: [UInt8], by exif: [UInt8]) throws -> [UInt8] {
    var file = try file(of: picture)
    guard let start = (0...file.count - written.count).first(where: { file[$0...].starts(with: written) }) else {
      return file
    }
    file.replaceSubrange(start..<start + written.count, with: exif)
    if self == .png { file.replaceSubrange(start - 8..<start + exif.count + 4, with: pngChunk("eXIf", exif)) }
    return file
  }
}
