/// The directions in which an attention looks: for each position of its grid, the way to the one that it attends to
/// most.
package struct AttentionMap: Equatable, Sendable {
  /// In positions of the grid, to the right and downwards.
  package struct Offset: Equatable, Sendable {
    package let x: Int
    package let y: Int

    package init(x: Int, y: Int) {
      self.x = x
      self.y = y
    }
  }

  /// The grid's size, a fraction of that of the pictures.
  package let width: Int
  package let height: Int
  /// `height * width` offsets, rows from the top; zero where the attention has nothing to look at.
  package let offsets: [Offset]

  /// - Precondition: There is an offset for each position.
  package init(width: Int, height: Int, offsets: [Offset]) {
    precondition(
      offsets.count == width * height, "AttentionMap: \(offsets.count) offsets do not make \(width)x\(height)")
    self.width = width
    self.height = height
    self.offsets = offsets
  }
}

extension AttentionMap {
  /// - Parameter matches: The number of the position that each position attends to most, nil if there is none.
  init(width: Int, height: Int, matches: ArraySlice<Int?>) {
    let offsets = zip(0..., matches).map { position, match in
      match.map { Offset(x: $0 % width - position % width, y: $0 / width - position / width) } ?? Offset(x: 0, y: 0)
    }
    self.init(width: width, height: height, offsets: offsets)
  }
}
