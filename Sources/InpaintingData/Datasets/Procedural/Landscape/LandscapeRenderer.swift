/// Draws a landscape: each pixel from the foremost part to the first that covers it.
struct LandscapeRenderer {
  let landscape: Landscape
  let size: Int

  /// The picture's pixels, and the number of the part that each shows.
  func draw() -> (pixels: [UInt8], surfaces: [UInt16]) {
    var pixels = [UInt8](repeating: 0, count: size * size * 3)
    var surfaces = [UInt16](repeating: 0, count: size * size)
    for pixel in 0..<size * size {
      let point = Point(Float(pixel % size) + 0.5, Float(pixel / size) + 0.5) / Float(size)
      let (color, surface) = shown(at: point)
      surfaces[pixel] = surface
      let bytes = (color * landscape.lighting.color(at: point)).displayable * 255 + 0.5
      for channel in 0..<3 { pixels[pixel * 3 + channel] = UInt8(bytes[channel]) }
    }
    return (pixels, surfaces)
  }

  private func shown(at point: Point) -> (color: Color, surface: UInt16) {
    let footprint = 1 / Float(size)
    var color = Color.zero
    var open: Float = 1
    var surface: UInt16?
    for (number, part) in landscape.parts.enumerated().reversed() {
      let cover = coverage(-part.form.distance(at: point), footprint: footprint)
      guard cover > 0 else { continue }
      color += part.color(at: point, footprint: footprint) * (cover * open)
      open *= 1 - cover
      if surface == nil, cover >= 0.5 { surface = UInt16(number) }
      // Less than half a step of an 8-bit value.
      if open < 0.002 { break }
    }
    return (color, surface ?? 0)
  }
}
