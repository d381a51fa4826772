@testable import Imaging

extension Hole {
  /// Missing where there is a `#`.
  static func hole(_ lines: String...) -> Hole {
    Hole(width: lines[0].count, height: lines.count, values: lines.flatMap { $0.map { $0 == "#" ? 1 : 0 } })
  }
}

extension PixelRectangle {
  init(_ x: Int, _ y: Int, _ width: Int, _ height: Int) { self.init(x: x, y: y, width: width, height: height) }
}
