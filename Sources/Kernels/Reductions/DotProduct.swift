/// The sum of all products x[i] · y[i]: blocks of fixed size are summed, and the blocks in order.
package func dotProduct(_ count: Int, _ x: Source, _ y: Source) -> Scalar {
  let blockLength = 16_384
  let blocks = (count + blockLength - 1) / blockLength
  return withScratch(blocks) { partial in
    parallelRanges(blocks, grain: elementGrain / blockLength) { range in
      for block in range {
        let x = x + block * blockLength
        let y = y + block * blockLength
        partial[block] = laneSum(min(blockLength, count - block * blockLength)) { x[$0] * y[$0] }
      }
    }
    return laneSum(blocks) { partial[$0] }
  }
}
