import Testing

@testable import Imaging

struct HoleReadingTests {
  private func row(_ colors: [[UInt8]], alpha: [UInt8]? = nil) -> Picture {
    Picture(width: colors.count, height: 1, channels: colors[0].count, pixels: colors.flatMap { $0 }, alpha: alpha)
  }

  private let levels = Picture(width: 4, height: 1, channels: 1, pixels: [0, 127, 128, 255])

  @Test func `The threshold is at half, whichever color is missing`() {
    #expect(HoleReading(levels).hole.values == [0, 0, 1, 1])
    #expect(HoleReading(levels, convention: .black).hole.values == [1, 1, 0, 0])
    #expect(HoleReading(levels).fault == nil && HoleReading(levels).values == 0...255)
  }

  @Test func `Any channel counts as much as white`() {
    let colors = row([[128, 0, 0], [0, 0, 200], [0, 255, 0], [127, 127, 127], [0, 0, 0]])
    #expect(HoleReading(colors).hole.values == [1, 1, 1, 0, 0])
    #expect(HoleReading(colors, convention: .black).hole.values == [0, 0, 0, 1, 1])
    #expect(HoleReading(colors).plane == .colors)
  }

  @Test func `Where colors say nothing, opaque pixels are what their color means, and transparent ones the contrary`() {
    let alpha: [UInt8] = [0, 127, 128, 255]
    let (white, black) = (row([[255], [255], [255], [255]], alpha: alpha), row([[0], [0], [0], [0]], alpha: alpha))
    #expect(HoleReading(white).hole.values == [0, 0, 1, 1])
    #expect(HoleReading(white).alphaRemark?.contains("opaque pixels are missing") == true)
    #expect(HoleReading(white, convention: .black).hole.values == [1, 1, 0, 0])
    #expect(HoleReading(black).hole.values == [1, 1, 0, 0])
    #expect(HoleReading(black).alphaRemark?.contains("transparent pixels are missing") == true)
    #expect(HoleReading(black, convention: .black).hole.values == [0, 0, 1, 1])
    #expect(HoleReading(black).plane == .opacities && HoleReading(black).values == 0...255)
  }

  @Test func `Colors that say something, and pictures that are opaque, leave opacities out`() {
    let mixed = HoleReading(row([[255], [0]], alpha: [0, 255]))
    #expect(mixed.hole.values == [1, 0] && mixed.alphaRemark == nil)
    let opaque = HoleReading(row([[255], [255]], alpha: [255, 255]))
    #expect(opaque.hole.coversEverything && opaque.plane == .colors)
  }

  @Test func `A mask of low values tells the brightest, what is read as missing, and what to do`() {
    let faint = HoleReading(row([[0], [1]]))
    #expect(faint.hole.isEmpty && faint.isTooDark)
    #expect(
      faint.fault
        == "nothing is missing: the brightest value found is 1, and 128 to 255 are read as missing; multiply its "
        + "values, so that the brightest is 255")
    let palette = HoleReading(row([[0, 64, 0], [0, 0, 0]]), convention: .black)
    #expect(
      palette.fault
        == "everything is missing: the brightest value found is 64, and 0 to 127 are read as missing; multiply "
        + "its values, so that the brightest is 255")
    let low = HoleReading(row([[255], [255]], alpha: [0, 1]))
    #expect(low.isTooDark && low.fault?.hasPrefix("nothing is missing: the greatest opacity found is 1") == true)
  }

  @Test func `Nothing and everything are told apart from low values`() {
    let (black, white) = (HoleReading(row([[0], [0]])), HoleReading(row([[255], [200]])))
    #expect(!black.isTooDark && !white.isTooDark)
    #expect(
      black.fault == "nothing is missing: the brightest value found is 0, and 128 to 255 are read as missing")
    #expect(
      white.fault == "everything is missing: the darkest value found is 200, and 128 to 255 are read as missing")
  }
}

struct HoleConventionTests {
  @Test func `transparent pixels are missing`() {
    let opacities: [UInt8] = [0, 127, 128, 255]
    let picture = Picture(
      width: 4, height: 1, channels: 3, pixels: [UInt8](repeating: 9, count: 12), alpha: opacities)
    #expect(HoleConvention.transparency(of: picture)?.values == [1, 1, 0, 0])
    #expect(HoleConvention.transparency(of: Picture(width: 4, height: 1, channels: 1, pixels: opacities)) == nil)
  }
}
