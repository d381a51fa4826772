import Tensors
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct TextureTests {
  private func texture(_ kind: TextureKind, _ index: Int) -> any Texture {
    var stream = RandomStream(seed: 1, purpose: "test", step: index)
    let palette = Palette(using: &stream)
    return kind.texture(from: palette, using: &stream)
  }

  /// The mean square difference between horizontal neighbors, sampled on 40 x 40 points.
  private func roughness(_ texture: any Texture, step: Float, footprint: Float) -> Float {
    var sum: Float = 0
    for row in 0..<40 {
      for column in 0..<40 {
        let point = Point(Float(column) * step * 1.37 + 20, Float(row) * step * 1.61 + 20)
        let change =
          texture.color(at: point, footprint: footprint)
          - texture.color(at: point + Point(step, step * 0.7), footprint: footprint)
        sum += (change * change).sum()
      }
    }
    return sum / 1600
  }

  @Test(arguments: TextureKind.allCases)
  func `Colors are finite and not negative everywhere`(kind: TextureKind) {
    for index in 0..<10 {
      let texture = texture(kind, index)
      var stream = RandomStream(seed: 2, purpose: "test", step: index)
      for _ in 0..<200 {
        let point = Point(Float(stream.uniform(-90..<90)), Float(stream.uniform(-90..<90)))
        let color = texture.color(at: point, footprint: 0.03)
        for channel in 0..<3 { #expect(color[channel] > -0.05 && color[channel] < 2.5) }
      }
    }
  }

  @Test(arguments: TextureKind.allCases)
  func `Colors change little over a short way, but for borders`(kind: TextureKind) {
    let texture = texture(kind, 3)
    #expect(roughness(texture, step: 0.001, footprint: 0.05) < 0.003)
  }
}
