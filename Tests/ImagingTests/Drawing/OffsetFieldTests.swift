import Imaging
import Testing

struct OffsetFieldTests {
  @Test func `the longest offset has a full color, and the others are measured by it`() {
    let field = OffsetField(width: 3, height: 1) { x, _ in .init(x: Float(4 * x), y: 0) }
    #expect(field.picture.pixels == [255, 255, 255, 255, 128, 128, 255, 0, 0])
  }

  @Test func `a field of zeros is white`() {
    #expect(OffsetField(width: 2, height: 2).picture == Picture(width: 2, height: 2, filledWith: [255, 255, 255]))
  }

  @Test func `positions are asked for row by row and can be changed one by one`() {
    var field = OffsetField(width: 3, height: 2) { x, y in .init(x: Float(x), y: Float(y)) }
    #expect(field[2, 1] == .init(x: 2, y: 1))
    field[0, 1] = .init(x: -5, y: 0)
    #expect(field[0, 1].x == -5 && field[0, 0] == .zero && field[1, 1] == .init(x: 1, y: 1))
  }
}

struct ColorWheelTests {
  private func color(_ x: Float, _ y: Float) -> SIMD3<UInt8> { ColorWheel.color(of: .init(x: x, y: y)) }

  @Test func `directions have the hues of the usual wheel`() {
    #expect(color(1, 0) == SIMD3(255, 0, 0))
    // A quarter of the way around 55 colors: 13.5 of the 15 steps from red to yellow, and so on.
    expect(color(0, 1), 255, 229.5, 0)
    expect(color(-1, 0), 0, 208.6, 255)
    expect(color(0, -1), 88.3, 0, 255)
  }

  private func expect(_ color: SIMD3<UInt8>, _ levels: Double...) {
    for channel in 0..<3 { #expect(abs(Double(color[channel]) - levels[channel]) < 0.6) }
  }

  @Test func `nothing moves in white, and shorter offsets are paler`() {
    #expect(color(0, 0) == SIMD3(255, 255, 255))
    #expect(color(0.5, 0) == SIMD3(255, 128, 128))
    #expect(color(7, 0) == color(1, 0))
  }

  @Test func `every direction has a color, and neighbors have similar ones`() {
    var previous = color(1, 0)
    for step in 1...3600 {
      let angle = Float(step) * .pi / 1800
      let next = color(1 * cosine(angle), cosine(angle - .pi / 2))
      for channel in 0..<3 { #expect(abs(Int(next[channel]) - Int(previous[channel])) <= 64) }
      previous = next
    }
  }

  /// The real part of (1 + i·angle / n)^n: good enough for directions.
  private func cosine(_ angle: Float) -> Float {
    var (real, imaginary) = (1.0, Double(angle) / 4096)
    for _ in 0..<12 { (real, imaginary) = (real * real - imaginary * imaginary, 2 * real * imaginary) }
    return Float(real)
  }
}
