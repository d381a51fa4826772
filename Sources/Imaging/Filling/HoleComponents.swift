/// The bounding boxes of a hole's 8-connected components, in raster order of their first pixels.
package struct HoleComponents {
  package let boxes: [PixelRectangle]

  package init(of hole: Hole) {
    var labels = RunLabels()
    var above: [RunLabels.Run] = []
    for y in 0..<hole.height {
      var runs: [RunLabels.Run] = []
      // Runs are sorted: one that ends before this one begins ends before all that follow, too.
      var firstNear = 0
      for columns in hole.runs(inRow: y) {
        while firstNear < above.count && above[firstNear].columns.upperBound < columns.lowerBound { firstNear += 1 }
        let label = labels.add(columns, row: y)
        var near = firstNear
        while near < above.count && above[near].columns.lowerBound <= columns.upperBound {
          labels.join(above[near].label, label)
          near += 1
        }
        runs.append(RunLabels.Run(columns: columns, label: label))
      }
      above = runs
    }
    boxes = labels.boxes
  }

  /// Merges boxes until no two views overlap.
  ///
  /// - Parameter view: The rectangle around a box that must not overlap another's.
  /// - Returns: The merged boxes, by their upper rows, then by their left columns.
  package func merged(view: (PixelRectangle) -> PixelRectangle) -> [PixelRectangle] {
    // Disjoint views of some size are few: the inner loop is short, however many specks there are.
    var groups: [(box: PixelRectangle, view: PixelRectangle)] = []
    for box in boxes {
      var group = (box: box, view: view(box))
      while let index = groups.firstIndex(where: { $0.view.intersects(group.view) }) {
        let joined = groups.remove(at: index).box.union(group.box)
        group = (joined, view(joined))
      }
      groups.append(group)
    }
    return groups.map(\.box).sorted { ($0.y, $0.x) < ($1.y, $1.x) }
  }
}

/// Disjoint sets of connected runs of pixels (union-find): trees whose roots have the smallest labels.
private struct RunLabels {
  struct Run {
    let columns: Range<Int>
    let label: Int
  }

  private var parents: [Int] = []
  private var extents: [PixelRectangle] = []

  /// Adds a run as a set of its own, and returns its label.
  mutating func add(_ columns: Range<Int>, row: Int) -> Int {
    parents.append(parents.count)
    extents.append(PixelRectangle(x: columns.lowerBound, y: row, width: columns.count, height: 1))
    return parents.count - 1
  }

  mutating func join(_ first: Int, _ second: Int) {
    let (first, second) = (root(of: first), root(of: second))
    guard first != second else { return }
    let (kept, lost) = (min(first, second), max(first, second))
    parents[lost] = kept
    extents[kept] = extents[kept].union(extents[lost])
  }

  /// The bounding boxes of the sets, by the labels of their roots.
  var boxes: [PixelRectangle] {
    parents.indices.filter { parents[$0] == $0 }.map { extents[$0] }
  }

  private mutating func root(of label: Int) -> Int {
    var label = label
    while parents[label] != label {
      parents[label] = parents[parents[label]]
      label = parents[label]
    }
    return label
  }
}

extension Hole {
  /// The runs of missing pixels in a row, from the left.
  fileprivate func runs(inRow y: Int) -> [Range<Int>] {
    values.withUnsafeBufferPointer { values in
      var runs: [Range<Int>] = []
      var start: Int?
      for x in 0..<width {
        let isMissing = values[y * width + x] != 0
        if isMissing, start == nil { start = x }
        if !isMissing, let first = start {
          runs.append(first..<x)
          start = nil
        }
      }
      if let start { runs.append(start..<width) }
      return runs
    }
  }
}

/// Sizes and counts of the part of a hole that lies in a rectangle of the picture.
extension Hole {
  /// The bounding box of the missing pixels of a part; nil if there are none.
  package func missingBounds(in part: PixelRectangle) -> PixelRectangle? {
    var bounds: PixelRectangle?
    for y in part.rows {
      let row = values[y * width + part.x..<y * width + part.columns.upperBound]
      guard let first = row.firstIndex(where: { $0 != 0 }), let last = row.lastIndex(where: { $0 != 0 }) else {
        continue
      }
      let run = PixelRectangle(x: first - y * width, y: y, width: last - first + 1, height: 1)
      bounds = bounds?.union(run) ?? run
    }
    return bounds
  }

  /// The thickness of a hole within a part: the side of the largest square of which all pixels are missing.
  package func thickness(in part: PixelRectangle) -> Int {
    // Of squares that end at a pixel, the largest is one larger than the smallest of those that end at its left, upper
    // and upper left neighbors.
    var largest = 0
    var sides = [Int](repeating: 0, count: part.width + 1)
    values.withUnsafeBufferPointer { values in
      for y in part.rows {
        var upperLeft = 0
        for column in 0..<part.width {
          let upper = sides[column + 1]
          let isMissing = values[y * width + part.x + column] != 0
          sides[column + 1] = isMissing ? min(upperLeft, upper, sides[column]) + 1 : 0
          largest = max(largest, sides[column + 1])
          upperLeft = upper
        }
      }
    }
    return largest
  }

  /// The number of missing pixels of each column of a part.
  package func missingCounts(ofColumnsIn part: PixelRectangle) -> [Int] {
    var counts = [Int](repeating: 0, count: part.width)
    for y in part.rows {
      for x in part.columns where values[y * width + x] != 0 { counts[x - part.x] += 1 }
    }
    return counts
  }

  /// The number of missing pixels of each row of a part.
  package func missingCounts(ofRowsIn part: PixelRectangle) -> [Int] {
    part.rows.map { y in
      values[y * width + part.x..<y * width + part.columns.upperBound].reduce(0) { $0 + ($1 != 0 ? 1 : 0) }
    }
  }
}
