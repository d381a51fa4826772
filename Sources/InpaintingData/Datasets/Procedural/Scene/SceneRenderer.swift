/// A front-to-back renderer of a layout, which computes no color of covered points.
struct SceneRenderer {
  private let layout: SceneLayout
  private let size: Int
  /// The side of a pixel in units of the picture's side.
  private let footprint: Float
  /// The colors composited so far, each times its light and its coverage of the pixel.
  private var colors: [Color]
  /// The share of each pixel that is not covered yet, 0...1.
  private var open: [Float]
  /// The share of light that passes the objects drawn so far, 0...1.
  private var light: [Float]
  /// The index of the surface that each pixel shows, once it is known.
  private var surfaces: [UInt16]

  /// The index that stands for no surface yet.
  private static let unpainted = UInt16.max

  /// An empty canvas of `size` x `size` pixels.
  init(_ layout: SceneLayout, size: Int) {
    self.layout = layout
    self.size = size
    footprint = 1 / Float(size)
    colors = [Color](repeating: .zero, count: size * size)
    open = [Float](repeating: 1, count: size * size)
    light = [Float](repeating: 1, count: size * size)
    surfaces = [UInt16](repeating: SceneRenderer.unpainted, count: size * size)
  }

  /// The picture's pixels, and the index of the surface that each shows.
  consuming func draw() -> (pixels: [UInt8], surfaces: [UInt16]) {
    for (number, object) in layout.objects.enumerated() {
      paint(object, surface: UInt16(layout.ground.surfaces + number))
    }
    paintGround()
    var pixels = [UInt8](repeating: 0, count: size * size * 3)
    for (pixel, color) in colors.enumerated() {
      let lit = color * layout.lighting.color(at: center(pixel % size, pixel / size))
      let bytes = lit.displayable * 255 + 0.5
      for channel in 0..<3 { pixels[pixel * 3 + channel] = UInt8(bytes[channel]) }
    }
    return (pixels, surfaces)
  }

  /// The middle of a pixel, in units of the picture's side.
  private func center(_ column: Int, _ row: Int) -> Point {
    Point(Float(column) + 0.5, Float(row) + 0.5) * footprint
  }

  /// The pixels whose centers may be nearer to a coordinate than `reach`.
  private func span(around coordinate: Float, reach: Float) -> Range<Int> {
    let first = max(0, min(size, Int((coordinate - reach) * Float(size)) - 1))
    let last = max(first, min(size, Int((coordinate + reach) * Float(size)) + 2))
    return first..<last
  }

  /// Draws an object where nothing covers it, and its shadow on what is behind.
  private mutating func paint(_ object: SceneObject, surface: UInt16) {
    let columns = span(around: object.center.x, reach: object.reach)
    for row in span(around: object.center.y, reach: object.reach) {
      for column in columns {
        let pixel = row * size + column
        // Less than half a level of 8 bits.
        if open[pixel] < 0.002 { continue }
        let point = center(column, row)
        guard object.mayTouch(point) else { continue }
        let distance = object.distance(at: point)
        let cover = coverage(-distance, footprint: footprint)
        if cover > 0 {
          let color = object.color(
            at: point, distance: distance, footprint: footprint, lighting: layout.lighting)
          colors[pixel] += color * (light[pixel] * cover * open[pixel])
          open[pixel] *= 1 - cover
          if cover >= 0.5 && surfaces[pixel] == SceneRenderer.unpainted { surfaces[pixel] = surface }
        }
        if cover < 1 {
          light[pixel] *= 1 - layout.lighting.shadow * object.shadow(at: point, distance: distance)
        }
      }
    }
  }

  /// Draws the ground where no object covers it.
  private mutating func paintGround() {
    for row in 0..<size {
      for column in 0..<size {
        let pixel = row * size + column
        let point = center(column, row)
        if surfaces[pixel] == SceneRenderer.unpainted { surfaces[pixel] = UInt16(layout.ground.surface(at: point)) }
        if open[pixel] < 0.002 { continue }
        colors[pixel] += layout.ground.color(at: point, footprint: footprint) * (light[pixel] * open[pixel])
      }
    }
  }
}
