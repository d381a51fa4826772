extension Tensor {
  /// Adaptive average pooling: the means of so many cells, however large the pictures are. Cell i of n reaches from pixel
  /// ⌊i · size / n⌋ to before pixel ⌈(i + 1) · size / n⌉, so that cells share pixels if n does not divide the size.
  ///
  /// - Returns: From [batch, height, width, channels]: [batch, rows, columns, channels].
  package func adaptiveAveragePool(rows: Int, columns: Int) -> Tensor {
    precondition(
      rank == 4 && count > 0 && rows > 0 && columns > 0,
      "adaptiveAveragePool: pictures of shape \(shape) have no \(rows)x\(columns) cells")
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let lines = matmul(shares(of: rows, in: height), reshaped(to: [batch, height, width * channels]))
    return matmul(shares(of: columns, in: width), lines.reshaped(to: [batch * rows, width, channels]))
      .reshaped(to: [batch, rows, columns, channels])
  }
}

/// The weight of each pixel in the mean of each cell, [cells, size].
private func shares(of cells: Int, in size: Int) -> Tensor {
  Tensor(shape: [cells, size]) { elements in
    elements.update(repeating: 0)
    for cell in 0..<cells {
      let pixels = cell * size / cells..<((cell + 1) * size + cells - 1) / cells
      for pixel in pixels { elements[cell * size + pixel] = 1 / Scalar(pixels.count) }
    }
  }
}
