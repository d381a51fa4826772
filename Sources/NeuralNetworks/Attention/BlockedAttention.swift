import Tensors

/// The mixture that each query draws from the values, without a map of all queries and keys ever being whole: queries
/// are taken in blocks, and the weights of each are made again on the way back (Rabe and Staats, 2021).
struct BlockedAttention {
  /// The most bytes that one matrix of weights may take.
  var bytes = 32 << 20
  /// The parameters that the weights depend on beside queries and keys.
  var parameters: [Parameter] = []

  /// - Parameters:
  ///   - queries: [batch, queries, size].
  ///   - keys: [batch, keys, size].
  ///   - values: [batch, keys, channels].
  ///   - weights: From some of the queries and all of the keys, [batch, some queries, keys].
  /// - Returns: weights · values, [batch, queries, channels].
  func callAsFunction(
    _ queries: Tensor, _ keys: Tensor, _ values: Tensor,
    weights: @escaping (_ queries: Tensor, _ keys: Tensor) -> Tensor
  ) -> Tensor {
    let count = queries.shape[1]
    let rowBytes = queries.shape[0] * keys.shape[1] * MemoryLayout<Scalar>.stride
    let length = max(1, min(count, bytes / max(1, rowBytes)))
    let blocks = stride(from: 0, to: count, by: length).map { start in
      let block = start == 0 && length == count ? queries : queries.sliced(axis: 1, start..<min(count, start + length))
      return checkpoint([block, keys, values], at: parameters) { matmul(weights($0[0], $0[1]), $0[2]) }
    }
    return blocks.count == 1 ? blocks[0] : concatenate(blocks, axis: 1)
  }
}
