import Imaging

/// The parts of a hole that hang together, also by corners: the rectangles around them, in the order in which a reader
/// comes upon them.
struct HoleComponents {
  let boxes: [PixelRectangle]

  init(of hole: Hole) {
    var labels = RunLabels()
    var above: [RunLabels.Run] = []
    for y in 0..<hole.height {
      var runs: [RunLabels.Run] = []
      // Runs of the row above end in the order in which those of this row begin.
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
}

/// Sets of runs of pixels that are known to hang together, as trees whose roots have the smallest labels.
private struct RunLabels {
  struct Run {
    let columns: Range<Int>
    let label: Int
  }

  private var parents: [Int] = []
  private var extents: [PixelRectangle] = []

  /// A set of its own for a run.
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

  /// The rectangles around the sets, by the labels of their roots.
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
  /// The columns of a row's neighbouring missing pixels, from the left.
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
