import Imaging
import Support

/// Which part of a picture file becomes the square that a network sees.
package enum Crop: String, CaseIterable, Sendable {
  /// A random square, at least as large as the training size where the picture is, at most as large as the picture's
  /// shorter side: near and far, anywhere.
  case random = "random_crop"
  /// The largest square in the middle: for validation.
  case centre = "centre_crop"
  /// The whole picture, its proportions not kept.
  case resize

  /// The square, brought to `size` x `size` with antialiasing. A picture whose shorter side is too short is enlarged.
  func square(of picture: Picture, size: Int, using stream: inout RandomStream) -> Picture {
    let shorter = min(picture.width, picture.height)
    switch self {
    case .resize:
      return picture.resized(toWidth: size, height: size)
    case .centre:
      return picture.square(
        x: (picture.width - shorter) / 2, y: (picture.height - shorter) / 2, side: shorter, size: size)
    case .random:
      // As if the shorter side were first scaled to anything between the training size and what it is.
      let scaled = stream.integer(in: min(size, shorter)...shorter)
      let side = min(shorter, max(1, Int((Double(size) * Double(shorter) / Double(scaled)).rounded())))
      let x = stream.integer(in: 0...picture.width - side)
      let y = stream.integer(in: 0...picture.height - side)
      return picture.square(x: x, y: y, side: side, size: size)
    }
  }
}

extension Picture {
  /// A square part, resized if it has to be.
  fileprivate func square(x: Int, y: Int, side: Int, size: Int) -> Picture {
    let part = side == width && side == height ? self : cropped(x: x, y: y, width: side, height: side)
    return side == size ? part : part.resized(toWidth: size, height: size)
  }
}
