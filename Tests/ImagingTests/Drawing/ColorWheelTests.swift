import Imaging
import Testing

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
