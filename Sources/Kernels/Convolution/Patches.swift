/// Every patch of a convolution as a row of a matrix: [batch, outputHeight · outputWidth, patchLength].
package func unfold(_ geometry: ConvolutionGeometry, x: Source, into patches: Destination) {
  let im2col = Im2col(patchesOf: geometry)
  let pixels = geometry.batch * im2col.gridHeight * im2col.gridWidth
  parallelRanges(pixels, grain: max(1, elementGrain / max(1, im2col.patchLength))) { range in
    im2col.gather(range, from: x, into: patches + range.lowerBound * im2col.patchLength)
  }
}

/// Adds the rows of a patch matrix back to where `unfold` read them: the adjoint of `unfold`.
package func fold(_ geometry: ConvolutionGeometry, patches: Source, into x: Destination) {
  parallel(tasks: geometry.batch * geometry.height) { task in
    let (image, row) = task.quotientAndRemainder(dividingBy: geometry.height)
    foldRow(geometry, image: image, row: row, patches: patches, into: x + task * geometry.width * geometry.channels)
  }
}

/// One row of the picture, so that no two threads add to the same pixel.
private func foldRow(
  _ geometry: ConvolutionGeometry, image: Int, row: Int, patches: Source, into line: Destination
) {
  let channels = geometry.channels
  let outputWidth = geometry.outputWidth
  line.update(repeating: 0, count: geometry.width * channels)
  for kernelRow in 0..<geometry.kernelHeight {
    let reach = row + geometry.padding.top - kernelRow * geometry.dilation
    guard reach >= 0 && reach % geometry.stride == 0 && reach / geometry.stride < geometry.outputHeight else {
      continue
    }
    let firstPatch = (image * geometry.outputHeight + reach / geometry.stride) * outputWidth
    for outputColumn in 0..<outputWidth {
      let patch = patches + (firstPatch + outputColumn) * geometry.patchLength
      for kernelColumn in 0..<geometry.kernelWidth {
        let column = outputColumn * geometry.stride + kernelColumn * geometry.dilation - geometry.padding.left
        guard column >= 0 && column < geometry.width else { continue }
        let source = patch + (kernelRow * geometry.kernelWidth + kernelColumn) * channels
        let target = line + column * channels
        for channel in 0..<channels { target[channel] += source[channel] }
      }
    }
  }
}
