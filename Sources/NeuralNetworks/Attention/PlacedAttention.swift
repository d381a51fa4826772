package import Tensors

/// An attention that was built for a site of a generator.
package enum PlacedAttention {
  /// Gives features of the shape that it takes. Where they skip to a decoder, they come beside its own.
  case features(any FeatureAttention)
  /// Takes the decoder's features too, so that it is only where features skip to them.
  case shift(ShiftLayer)

  /// The module with its parameters.
  package var module: any Module {
    switch self {
    case .features(let attention): attention
    case .shift(let shift): shift
    }
  }

  /// Multiply-adds for the features of one picture.
  package func multiplyAdds(height: Int, width: Int, channels: Int) -> Int {
    switch self {
    case .features(let attention): attention.multiplyAdds(height: height, width: width)
    case .shift(let shift): shift.multiplyAdds(height: height, width: width, channels: channels)
    }
  }

  /// Features that a decoder goes on with where others skip to it.
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

/// An attention that is put between two layers, whatever it needs to know.
package protocol FeatureAttention: Module {
  /// Features of the same shape, [batch, height, width, channels].
  func callAsFunction(_ x: Tensor, _ inputs: AttentionInputs) -> Tensor

  /// Multiply-adds for the features of one picture.
  func multiplyAdds(height: Int, width: Int) -> Int

  /// Weights with which one position draws from all positions, [batch, height, width], or from those of a grid that is a
  /// fraction of it; nil if there is no such map.
  func weights(ofRow row: Int, column: Int, in x: Tensor, _ inputs: AttentionInputs) -> Tensor?

  /// The position from which each position draws most, for each picture; nil if it is not known without asking position
  /// by position.
  func argmaxMaps(_ x: Tensor, _ inputs: AttentionInputs) -> [AttentionMap]?

  /// The part whose weights public programs have as well; nil if none has.
  var ported: (any PortedModule)? { get }
}

extension FeatureAttention {
  package func weights(ofRow row: Int, column: Int, in x: Tensor, _ inputs: AttentionInputs) -> Tensor? { nil }

  package func argmaxMaps(_ x: Tensor, _ inputs: AttentionInputs) -> [AttentionMap]? { nil }
}

/// All that a generator's attention may see beside the features of its site.
package struct AttentionInputs {
  /// [batch or 1, height, width, 1] at the pictures' size, 1 where pixels are missing.
  package let holes: Tensor
  /// Completed pictures so far, [batch, height, width, 3].
  package let pictures: Tensor
  /// One-hot classes of pixels, [batch, height, width, classes] at the pictures' size or a fraction of it; nil where none are
  /// known.
  package let labels: Tensor?
  private let reduction: (_ holes: Tensor, _ divisor: Int) -> Tensor

  /// - Parameter reduction: Brings holes to a fraction of their height and width, as the network does it.
  package init(
    holes: Tensor, pictures: Tensor, labels: Tensor? = nil,
    reduction: @escaping (_ holes: Tensor, _ divisor: Int) -> Tensor
  ) {
    self.labels = labels
    self.holes = holes
    self.pictures = pictures
    self.reduction = reduction
  }

  /// The same with labels.
  package func with(labels: Tensor) -> AttentionInputs {
    AttentionInputs(holes: holes, pictures: pictures, labels: labels, reduction: reduction)
  }

  /// The holes at a fraction of their height and width.
  func holes(reducedBy divisor: Int) -> Tensor { reduction(holes, divisor) }
}

/// An attention that needs to know nothing but the features.
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
