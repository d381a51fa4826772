import Tensors

/// Squares around the holes of a batch: what the local critic sees, and where errors count.
///
/// Each is centered on its hole's bounding box and moved into the picture. Of a box that was shrunk by as much on
/// opposite sides it is therefore the box before that, as published; of other holes the middle, if they are larger.
struct HoleWindows {
  let size: Int
  /// The upper left corners, one a hole.
  let corners: [(row: Int, column: Int)]

  /// - Parameters:
  ///   - holes: [batch or 1, height, width, 1].
  ///   - size: The height and width of each window, at most those of the pictures.
  init(around holes: Tensor, size: Int) {
    let (count, height, width) = (holes.shape[0], holes.shape[1], holes.shape[2])
    precondition(
      size <= height && size <= width, "HoleWindows: windows of \(size) do not fit into pictures of \(height)x\(width)")
    self.size = size
    func starts(_ extents: Tensor, _ length: Int) -> [Int] {
      (0..<count).map { sample in
        let line = extents.sliced(axis: 0, sample..<sample + 1).elements
        let first = line.firstIndex { $0 > 0 } ?? 0
        let last = line.lastIndex { $0 > 0 } ?? length - 1
        return min(max(0, (first + last + 1 - size) / 2), length - size)
      }
    }
    let rows = starts(holes.detached().maximum(axes: [2]), height)
    let columns = starts(holes.detached().maximum(axes: [1]), width)
    corners = zip(rows, columns).map { (row: $0, column: $1) }
  }

  /// The windows' part of pictures or holes: [batch or 1, height, width, channels] becomes
  /// [batch or 1, size, size, channels].
  func crop(_ pictures: Tensor) -> Tensor {
    let (count, channels) = (pictures.shape[0], pictures.shape[3])
    precondition(
      corners.count == 1 || count == corners.count,
      "HoleWindows: \(count) pictures do not fit the \(corners.count) holes")
    func part(_ samples: Range<Int>, _ corner: (row: Int, column: Int)) -> Tensor {
      pictures.sliced([
        samples, corner.row..<corner.row + size, corner.column..<corner.column + size, 0..<channels,
      ])
    }
    if corners.count == 1 { return part(0..<count, corners[0]) }
    return concatenate(corners.enumerated().map { part($0..<$0 + 1, $1) }, axis: 0)
  }
}
