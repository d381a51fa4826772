/// out[i, j] = x[i-1, j-1] + x[i, j] + x[i+1, j+1] for each size x size matrix of a batch, zeros outside: a convolution
/// of the whole matrix with the 3x3 identity, which is its own adjoint.
public func diagonalSum(batch: Int, size: Int, _ x: Source, into out: Destination) {
  parallelRanges(batch * size, grain: max(1, elementGrain / max(1, size))) { range in
    for line in range {
      let row = line % size
      let x = x + line * size
      let out = out + line * size
      for j in 0..<size { out[j] = x[j] }
      if row > 0 {
        let above = x - size - 1
        for j in 1..<max(1, size) { out[j] += above[j] }
      }
      if row + 1 < size {
        let below = x + size + 1
        for j in 0..<size - 1 { out[j] += below[j] }
      }
    }
  }
}
