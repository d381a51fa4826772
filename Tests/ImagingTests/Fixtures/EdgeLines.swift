@testable import Imaging

extension EdgeMap {
  /// An edge where there is a `#`.
  static func edges(_ lines: String...) -> EdgeMap {
    EdgeMap(width: lines[0].count, height: lines.count, values: lines.flatMap { $0.map { $0 == "#" ? 1 : 0 } })
  }

  /// An edge where a function of columns and rows says so.
  init(width: Int, height: Int, isEdge: (_ x: Int, _ y: Int) -> Bool) {
    self.init(
      width: width, height: height, values: (0..<width * height).map { isEdge($0 % width, $0 / width) ? 1 : 0 })
  }

  /// The number of edge pixels.
  var count: Int { values.count { $0 != 0 } }
}
