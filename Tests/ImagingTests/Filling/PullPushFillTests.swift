import Testing

@testable import Imaging

@Suite struct PullPushFillTests {
  /// A picture of smooth colors with a hole that touches a border.
  private static let picture: Picture = {
    var pixels: [UInt8] = []
    for y in 0..<23 {
      for x in 0..<29 { pixels += [UInt8(8 * x), UInt8(240 - 7 * y), UInt8((x * x + y * y) / 6)] }
    }
    return Picture(width: 29, height: 23, channels: 3, pixels: pixels)
  }()
  private static let hole = Hole(width: 29, height: 23) { x, y in (5..<15).contains(x) && y < 14 }

  private func value(_ byte: UInt8) -> Float { Float(byte) / 127.5 - 1 }

  @Test func `Known pixels are kept, bit for bit`() {
    let fill = PullPushFill(Self.picture, hole: Self.hole)
    for index in fill.values.indices where Self.hole.values[index / 3] == 0 {
      #expect(fill.values[index] == value(Self.picture.pixels[index]))
    }
  }

  @Test(arguments: [(29, 23), (64, 64)])
  func `Missing pixels are nearly the solution of Laplace's equation`(_ width: Int, _ height: Int) {
    let picture = Picture.noise(width: width, height: height, channels: 3)
    let hole = Hole(width: width, height: height) { x, y in (4..<width - 6).contains(x) && (0..<height - 9).contains(y)
    }
    let fill = PullPushFill(picture, hole: hole)
    let exact = harmonic(picture, hole, channel: 1)
    // Of a range of 2.
    let errors = exact.indices.map { abs(exact[$0] - Double(fill.values[3 * $0 + 1])) }
    #expect((errors.max() ?? 0) < 0.1)
    #expect(errors.reduce(0, +) < 0.03 * Double(hole.missingCount))
  }

  @Test func `What lies in the hole plays no part, and nothing leaves the range of what is known`() {
    var other = Self.picture
    for index in other.pixels.indices where Self.hole.values[index / 3] == 1 { other.pixels[index] ^= 0xFF }
    let fill = PullPushFill(Self.picture, hole: Self.hole)
    #expect(PullPushFill(other, hole: Self.hole) == fill)
    let checker = Picture(
      width: 16, height: 16, channels: 1, pixels: (0..<256).map { ($0 + $0 / 16) % 2 == 0 ? 60 : 90 })
    let extremes = PullPushFill(checker, hole: Hole(width: 16, height: 16) { x, y in x > 2 && y > 3 }).values
    #expect(extremes.allSatisfy { (value(60)...value(90)).contains($0) })
  }

  @Test func `A gray picture has three equal channels, one of which nothing is known is gray`() {
    let gray = Picture.noise(width: 9, height: 8, channels: 1)
    let fill = PullPushFill(gray, hole: Hole(width: 9, height: 8) { x, _ in x > 3 })
    for pixel in 0..<72 { #expect(Set(fill.values[3 * pixel..<3 * pixel + 3]).count == 1) }
    let nothing = PullPushFill(gray, hole: Hole(width: 9, height: 8) { _, _ in true })
    #expect(nothing.values.allSatisfy { $0 == 0 })
    let corner = PullPushFill(gray, hole: Hole(width: 9, height: 8) { x, y in x + y > 0 })
    #expect(corner.values.allSatisfy { $0 == value(gray.pixels[0]) })
  }

  @Test func `It is cut, mirrored and padded as its picture is`() {
    let fill = PullPushFill(Self.picture, hole: Hole(width: 29, height: 23))
    func values(_ picture: Picture) -> [Float] { picture.pixels.map { value($0) } }
    let part = PixelRectangle(x: 3, y: 2, width: 11, height: 9)
    #expect(fill.cropped(to: part).values == values(Self.picture.cropped(to: part)))
    #expect(fill.flippedHorizontally().values == values(Self.picture.flippedHorizontally()))
    #expect(
      fill.reflected(toWidth: 32, height: 40).values == values(Self.picture.reflected(toWidth: 32, height: 40)))
  }

  @Test func `Another size is interpolated between the centers of pixels`() {
    let line = Picture(width: 2, height: 1, channels: 1, pixels: [0, 255])
    let wide = PullPushFill(line, hole: Hole(width: 2, height: 1)).resized(toWidth: 4, height: 3)
    #expect((wide.width, wide.height) == (4, 3))
    let row: [Float] = [-1, -0.5, 0.5, 1]
    #expect(wide.values == (0..<3).flatMap { _ in row.flatMap { [$0, $0, $0] } })
    let fill = PullPushFill(Self.picture, hole: Self.hole)
    #expect(fill.resized(toWidth: 29, height: 23) == fill)
  }

  /// A channel of the exact fill, by plain sweeps until nothing moves.
  private func harmonic(_ picture: Picture, _ hole: Hole, channel: Int) -> [Double] {
    let (width, height) = (hole.width, hole.height)
    var values = (0..<width * height).map { Double(picture.pixels[3 * $0 + channel]) / 127.5 - 1 }
    for pixel in values.indices where hole.values[pixel] == 1 { values[pixel] = 0 }
    var change = 1.0
    while change > 1e-7 {
      change = 0
      for pixel in values.indices where hole.values[pixel] == 1 {
        let (x, y) = (pixel % width, pixel / width)
        var (sum, count) = (0.0, 0.0)
        for (dx, dy) in [(-1, 0), (1, 0), (0, -1), (0, 1)]
        where (0..<width).contains(x + dx) && (0..<height).contains(y + dy) {
          sum += values[pixel + dy * width + dx]
          count += 1
        }
        let step = 1.8 * (sum / count - values[pixel])
        values[pixel] += step
        change = max(change, abs(step))
      }
    }
    return values
  }
}
