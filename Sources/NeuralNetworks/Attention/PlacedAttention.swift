package import Tensors

/// An attention module at a site of a generator.
package enum PlacedAttention {
  /// An attention whose output has the shape of its input. On a skip connection it is concatenated to the decoder's
  /// features.
  case features(any FeatureAttention)
  /// An attention that also takes the decoder's features, and so exists only on a skip connection.
  case shift(ShiftLayer)

  /// The module with its parameters.
  package var module: any Module {
    switch self {
    case .features(let attention): attention
    case .shift(let shift): shift
    }
  }

  /// The multiply-adds for one sample.
  package func multiplyAdds(height: Int, width: Int, channels: Int) -> Int {
    switch self {
    case .features(let attention): attention.multiplyAdds(height: height, width: width)
    case .shift(let shift): shift.multiplyAdds(height: height, width: width, channels: channels)
    }
  }

  /// The decoder's input after a skip connection: its features concatenated with the attention's output.
  ///
  /// - Parameter decoded, encoded: [batch, height, width, channels] each.
  /// - Returns: [batch, height, width, more channels].
  package func joined(decoded: Tensor, encoded: Tensor, _ inputs: AttentionInputs) -> Tensor {
    switch self {
    case .features(let attention): concatenate([decoded, attention(encoded, inputs)], axis: -1)
    case .shift(let shift): shift(decoded, skip: encoded, hole: inputs.holes)
    }
  }
}

/// An attention that can be inserted between two layers, whatever other inputs it needs.
package protocol FeatureAttention: Module {
  /// The output, of the shape of `x`: [batch, height, width, channels].
  func callAsFunction(_ x: Tensor, _ inputs: AttentionInputs) -> Tensor

  /// The multiply-adds for one sample.
  func multiplyAdds(height: Int, width: Int) -> Int

  /// The weights with which one position attends to all positions, [batch, height, width] or a smaller grid; nil if
  /// there is no attention map.
  func weights(ofRow row: Int, column: Int, in x: Tensor, _ inputs: AttentionInputs) -> Tensor?

  /// For each position, the position with the largest weight, per sample; nil if that cannot be computed for all
  /// positions at once.
  func argmaxMaps(_ x: Tensor, _ inputs: AttentionInputs) -> [AttentionMap]?

  /// The part that has weights in public ports; nil if there is none.
  var ported: (any PortedModule)? { get }
}

extension FeatureAttention {
  package func weights(ofRow row: Int, column: Int, in x: Tensor, _ inputs: AttentionInputs) -> Tensor? { nil }

  package func argmaxMaps(_ x: Tensor, _ inputs: AttentionInputs) -> [AttentionMap]? { nil }
}

/// The inputs of a generator's attention besides the features of its site.
package struct AttentionInputs {
  /// 1 where pixels are missing, [batch or 1, height, width, 1] at the pictures' size.
  package let holes: Tensor
  /// The pictures as completed so far, [batch, height, width, 3].
  package let pictures: Tensor
  /// The one-hot classes of pixels, [batch, height, width, classes] at the pictures' size or a fraction of it; nil
  /// without labels.
  package let labels: Tensor?
  private let reduction: (_ holes: Tensor, _ divisor: Int) -> Tensor

  /// - Parameter reduction: Downsamples holes by a divisor, as the network does.
  package init(
    holes: Tensor, pictures: Tensor, labels: Tensor? = nil,
    reduction: @escaping (_ holes: Tensor, _ divisor: Int) -> Tensor
  ) {
    self.labels = labels
    self.holes = holes
    self.pictures = pictures
    self.reduction = reduction
  }

  /// A copy with labels.
  package func with(labels: Tensor) -> AttentionInputs {
    AttentionInputs(holes: holes, pictures: pictures, labels: labels, reduction: reduction)
  }

  /// The holes, downsampled by `divisor` in height and width.
  func holes(reducedBy divisor: Int) -> Tensor { reduction(holes, divisor) }
}

/// An attention that depends on the features only.
final class PlacedLayer: FeatureAttention {
  let layer: any ConfigurableAttention

  init(_ layer: any ConfigurableAttention) { self.layer = layer }

  func callAsFunction(_ x: Tensor, _ inputs: AttentionInputs) -> Tensor { layer(x) }

  func multiplyAdds(height: Int, width: Int) -> Int { layer.multiplyAdds(height: height, width: width) }

  func weights(ofRow row: Int, column: Int, in x: Tensor, _ inputs: AttentionInputs) -> Tensor? {
    (layer as? any MappedAttention)?.weights(ofRow: row, column: column, in: x)
  }

  var ported: (any PortedModule)? { layer }
}

/// Attention in blocks of queries, so that the attention map is never whole in memory. The weights of each block are
/// recomputed in the backward pass (Rabe and Staats, 2021).
struct BlockedAttention {
  /// The maximum of bytes for one matrix of weights.
  var bytes = 32 << 20
  /// The parameters that the weights depend on besides queries and keys.
  var parameters: [Parameter] = []

  /// - Parameters:
  ///   - queries: [batch, queries, size].
  ///   - keys: [batch, keys, size].
  ///   - values: [batch, keys, channels].
  ///   - weights: Computes the weights of some queries and all keys: [batch, some queries, keys].
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
