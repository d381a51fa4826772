/// out[j, i] = x[i, j] of a row-major matrix, on the calling thread.
func transpose(rows: Int, columns: Int, _ x: Source, into out: Destination) {
  // In blocks whose rows and columns both stay in the cache.
  let side = 16
  for firstRow in stride(from: 0, to: rows, by: side) {
    for firstColumn in stride(from: 0, to: columns, by: side) {
      for column in firstColumn..<min(columns, firstColumn + side) {
        for row in firstRow..<min(rows, firstRow + side) {
          out[column * rows + row] = x[row * columns + column]
        }
      }
    }
  }
}
