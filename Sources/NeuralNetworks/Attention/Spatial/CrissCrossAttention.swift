package import Support
package import Tensors

/// Criss-cross attention: every position attends to its row and its column, and, applied twice, to all positions (Huang
/// et al., 2019, "CCNet: Criss-Cross Attention for Semantic Segmentation", section 3.2).
///
/// Queries, keys and values are those of `SelfAttention`, but the softmax of a position runs over the
/// height + width − 1 positions of its cross, so that N positions need N · (height + width) weights instead of N². The
/// output is x + γ · attention, and goes through the same layer again. γ is not in the paper's formulas but in its
/// code; it is initialized with 0, so an untrained layer is the identity. The weights are recomputed for the gradient,
/// not saved.
package final class CrissCrossAttention: MappedAttention, ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// The ratio of the features' channels to those of queries and keys, which are rounded down.
    package var reduction = 8
    /// The number of times that the layer is applied: after the first, a position depends on its row and column; after
    /// the second, on every position.
    package var recurrence = 2

    package init() {}

    package init(_ reader: JSONReader) throws {
      reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
      recurrence = try reader.integer("recurrence", in: 1...16, default: recurrence)
    }
  }

  /// γ, [1].
  package let gamma: Parameter
  package let query: Conv2d
  package let key: Conv2d
  package let value: Conv2d
  private let recurrence: Int

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("CrissCrossAttention \(initialization.name): \(problem)")
    }
    recurrence = options.recurrence
    gamma = Parameter(.zeros([1]))
    func convolution(_ outputs: Int, _ name: String) -> Conv2d {
      Conv2d(inputChannels: channels, outputChannels: outputs, kernel: 1, initialization: initialization[name])
    }
    query = convolution(channels / options.reduction, "query")
    key = convolution(channels / options.reduction, "key")
    value = convolution(channels, "value")
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options) -> String? {
    if options.reduction < 1 { return "the reduction (\(options.reduction)) must be positive" }
    if channels < options.reduction {
      return "there must be at least as many channels (\(channels)) as the reduction (\(options.reduction)) says"
    }
    return options.recurrence < 1 ? "the recurrence (\(options.recurrence)) must be positive" : nil
  }

  /// - Parameter x: [batch, height, width, channels].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    x.checkFeatures(channels: value.weight.shape[2], of: "CrissCrossAttention")
    return (0..<recurrence).reduce(x) { x, _ in once(x) }
  }

  /// The weights, which sum to 1. With several passes their maps are multiplied, so that they show the positions that a
  /// query depends on through all passes.
  package func weights(ofRow row: Int, column: Int, in x: Tensor) -> Tensor {
    x.checkFeatures(channels: value.weight.shape[2], of: "CrissCrossAttention")
    let (batch, height, width) = (x.shape[0], x.shape[1], x.shape[2])
    precondition(
      (0..<height).contains(row) && (0..<width).contains(column),
      "weights: there is no position in row \(row), column \(column) of features of shape \(x.shape)")
    var passes = [CrissCrossWeights(queries: query(x), keys: key(x))]
    var features = x
    for _ in 1..<recurrence {
      features = once(features)
      passes.append(CrissCrossWeights(queries: query(features), keys: key(features)))
    }
    let position = Tensor(
      (0..<batch * height * width).map { $0 % (height * width) == row * width + column ? 1 : 0 },
      shape: [batch, height, width])
    return passes.reversed().reduce(position) { shares, pass in pass.spread(shares) }
  }

  /// N · (C² + 2 · C · C′) + N · (height + width) · (C′ + C) per pass, for N positions, C channels and C′ channels of a
  /// query.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    let (positions, channels, inner) = (height * width, value.weight.shape[3], query.weight.shape[3])
    return recurrence * positions * (channels * (channels + 2 * inner) + (height + width) * (inner + channels))
  }

  package var portedWeights: [PortedWeight] {
    [PortedWeight("gamma", gamma)] + query.portedWeights(named: "query_conv") + key.portedWeights(named: "key_conv")
      + value.portedWeights(named: "value_conv")
  }

  private func once(_ x: Tensor) -> Tensor {
    let drawn = checkpoint([query(x), key(x), value(x)], at: []) {
      CrissCrossWeights(queries: $0[0], keys: $0[1]).drawn(from: $0[2])
    }
    return x + gamma.value * drawn
  }
}

/// The weights with which every position attends to its row and its column; the position itself counts once.
struct CrissCrossWeights {
  /// [batch · height, width, width]: query, then key in its row.
  private let row: Tensor
  /// [batch · width, height, height]: query, then key in its column.
  private let column: Tensor

  /// Takes one softmax over the row and the column together.
  ///
  /// - Parameters:
  ///   - queries, keys: [batch, height, width, size].
  init(queries: Tensor, keys: Tensor) {
    let (batch, height, width) = (queries.shape[0], queries.shape[1], queries.shape[2])
    let inRow = matmul(queries.rows, keys.rows, transposeRight: true)
    let inColumn = matmul(queries.columns, keys.columns, transposeRight: true) + Self.excludingOwnPosition(height)
    let scores = [
      inRow.reshaped(to: [batch, height, width, width]),
      inColumn.reshaped(to: [batch, width, height, height]).permuted([0, 2, 1, 3]),
    ]
    let weights = softmax(concatenate(scores, axis: 3))
    row = weights.sliced(axis: 3, 0..<width).rows
    column = weights.sliced(axis: 3, width..<width + height).columns
  }

  /// The weighted sum of the values in the row and the column of each position.
  ///
  /// - Parameter values: [batch, height, width, channels].
  func drawn(from values: Tensor) -> Tensor {
    let (batch, height, width, channels) = (values.shape[0], values.shape[1], values.shape[2], values.shape[3])
    let alongColumns = matmul(column, values.columns).reshaped(to: [batch, width, height, channels])
    return matmul(row, values.rows).reshaped(to: values.shape) + alongColumns.permuted([0, 2, 1, 3])
  }

  /// Multiplies attention maps: distributes the share of each position to the positions that it attends to.
  ///
  /// - Parameter shares: The share of each position, [batch, height, width].
  /// - Returns: Shares of the same shape and the same sum.
  func spread(_ shares: Tensor) -> Tensor {
    let (batch, height, width) = (shares.shape[0], shares.shape[1], shares.shape[2])
    let alongRows = matmul(shares.reshaped(to: [batch * height, 1, width]), row)
    let alongColumns = matmul(shares.transposed().reshaped(to: [batch * width, 1, height]), column)
    return alongRows.reshaped(to: shares.shape) + alongColumns.reshaped(to: [batch, width, height]).transposed()
  }

  /// -∞ where a position of a column meets itself, because its row contains it already.
  private static func excludingOwnPosition(_ height: Int) -> Tensor {
    Tensor(
      (0..<height * height).map { $0 / height == $0 % height ? -Scalar.infinity : 0 }, shape: [height, height])
  }
}

extension Tensor {
  /// [batch, height, width, size] as [batch · height, width, size].
  fileprivate var rows: Tensor { reshaped(to: [shape[0] * shape[1], shape[2], shape[3]]) }

  /// [batch, height, width, size] as [batch · width, height, size].
  fileprivate var columns: Tensor { permuted([0, 2, 1, 3]).rows }
}
