@testable import Imaging

extension PictureValues {
  /// A picture of one channel where the value of a pixel is `value(x, y)`, in 0...1.
  init(width: Int, height: Int, value: (Int, Int) -> Double) {
    self.init(
      width: width, height: height, channels: 1, values: (0..<width * height).map { value($0 % width, $0 / width) })
  }
}

extension Picture {
  /// A picture of three channels where a level is `level(x, y, channel)`, in 0...255.
  init(width: Int, height: Int, level: (Int, Int, Int) -> Int) {
    self.init(
      width: width, height: height, channels: 3,
      pixels: (0..<width * height * 3).map { UInt8(level($0 / 3 % width, $0 / 3 / width, $0 % 3)) })
  }
}
