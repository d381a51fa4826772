/// A 3x3 convolution with stride 1 by F(4x4, 3x3): 36 products a tile of 16 pixels instead of 144.
///
/// - Parameters:
///   - filter: [36, channels, filters], transformed.
///   - bias: [filters] or nil.
func winogradConvolve(
  _ geometry: ConvolutionGeometry, x: Source, filter: Source, bias: Source?, into y: Destination
) {
  let tiles = WinogradTiles(geometry)
  let (channels, filters) = (geometry.channels, geometry.filters)
  let block = tiles.blockLength
  parallelWorkers(tasks: (tiles.count + block - 1) / block) { next in
    withScratch(36 * block * (channels + filters) + 37 * channels + 24 * filters) { scratch in
      let v = scratch
      let m = v + 36 * block * channels
      let zeros = m + 36 * block * filters
      let columnBuffer = zeros + channels
      let rowBuffer = columnBuffer + 36 * channels
      zeros.update(repeating: 0, count: channels)
      while let task = next() {
        let range = task * block..<min(tiles.count, (task + 1) * block)
        tiles.transformInput(
          range, capacity: block, x, zeros: zeros, columnBuffer: columnBuffer, into: v)
        for element in 0..<36 {
          // [tiles x channels] · [channels x filters]
          multiply(
            m: range.count, n: filters, k: channels, v + element * block * channels, aStride: channels,
            filter + element * channels * filters, bStride: filters, into: m + element * block * filters,
            cStride: filters)
        }
        tiles.transformOutput(range, capacity: block, m, bias: bias, rowBuffer: rowBuffer, into: y)
      }
    }
  }
}

extension WinogradTiles {
  /// Aᵀ m A of each tile's products, plus the bias, to the pixels of the tile that exist.
  ///
  /// - Parameter rowBuffer: 24 x filters.
  fileprivate func transformOutput(
    _ range: Range<Int>, capacity: Int, _ m: Source, bias: Source?, rowBuffer: Destination, into y: Destination
  ) {
    let filters = geometry.filters
    let matrix = capacity * filters
    let (height, width) = (geometry.outputHeight, geometry.outputWidth)
    withScratch(16 * filters) { pixels in
      forEach(range) { index, image, row, column in
        for i in 0..<6 {
          WinogradTransforms.output(
            filters, m + i * 6 * matrix + index * filters, stride: matrix, into: rowBuffer + i * filters,
            stride: 6 * filters)
        }
        for j in 0..<4 {
          WinogradTransforms.output(
            filters, rowBuffer + j * 6 * filters, stride: filters, into: pixels + j * filters, stride: 4 * filters)
        }
        for i in 0..<4 {
          let line = row + i * geometry.dilation
          guard line < height else { break }
          for j in 0..<4 {
            let place = column + j * geometry.dilation
            guard place < width else { break }
            let pixel = pixels + (i * 4 + j) * filters
            let out = y + ((image * height + line) * width + place) * filters
            if let bias {
              for f in 0..<filters { out[f] = pixel[f] + bias[f] }
            } else {
              out.update(from: pixel, count: filters)
            }
          }
        }
      }
    }
  }
}
