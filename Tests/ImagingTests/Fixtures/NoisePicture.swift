import Imaging

@testable import Support

extension Picture {
  /// A picture of random values, with random opacities on demand.
  static func noise(width: Int, height: Int, channels: Int, hasAlpha: Bool = false, seed: UInt64 = 1) -> Picture {
    var random = RandomStream(seed: seed, purpose: "noise")
    func values(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(random.integer(in: 0...255)) } }
    let pixels = values(width * height * channels)
    return Picture(
      width: width, height: height, channels: channels, pixels: pixels, alpha: hasAlpha ? values(width * height) : nil)
  }

  /// The values of one pixel.
  func pixel(_ x: Int, _ y: Int) -> [UInt8] {
    [UInt8](pixels[(y * width + x) * channels..<(y * width + x + 1) * channels])
  }
}
