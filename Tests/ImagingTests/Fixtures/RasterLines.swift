import Imaging

/// A raster as text, one line a row.
func lines(of raster: Hole) -> [String] {
  (0..<raster.height).map { y in
    String((0..<raster.width).map { x in raster.isMissing(x: x, y: y) ? "#" : "." })
  }
}
