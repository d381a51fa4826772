/// Contact sheets.
extension Picture {
  /// A contact sheet of pictures of one size, with a gap between them and around them.
  ///
  /// - Parameters:
  ///   - rows: Pictures from left to right, row by row; gray ones become RGB, alpha is ignored. Where a row is shorter
  ///     than the longest, the background shows.
  ///   - gap: Pixels between neighbors and to the edge.
  ///   - background: Red, green and blue, a neutral gray by default.
  /// - Precondition: There is at least one picture, and all have the same size.
  package init(grid rows: [[Picture]], gap: Int = 4, background: [UInt8] = [96, 96, 96]) {
    precondition(gap >= 0 && background.count == 3, "Picture(grid:): the gap or the background is no such thing")
    guard let first = rows.joined().first else { preconditionFailure("Picture(grid:): there are no pictures") }
    let columnCount = rows.map(\.count).max() ?? 0
    self.init(
      width: columnCount * (first.width + gap) + gap, height: rows.count * (first.height + gap) + gap,
      filledWith: background)
    for (row, pictures) in rows.enumerated() {
      for (column, picture) in pictures.enumerated() {
        precondition(
          (picture.width, picture.height) == (first.width, first.height),
          "Picture(grid:): \(picture.width)x\(picture.height) differs from \(first.width)x\(first.height)")
        paste(picture.rgb(), x: gap + column * (first.width + gap), y: gap + row * (first.height + gap))
      }
    }
  }

  /// Replaces the pixels from (`x`, `y`) on; the picture has the same channels and lies within.
  private mutating func paste(_ picture: Picture, x: Int, y: Int) {
    let rowLength = picture.width * channels
    for row in 0..<picture.height {
      let start = ((y + row) * width + x) * channels
      pixels.replaceSubrange(
        start..<start + rowLength, with: picture.pixels[row * rowLength..<(row + 1) * rowLength])
    }
  }
}
