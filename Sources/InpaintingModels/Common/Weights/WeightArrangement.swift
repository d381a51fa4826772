import Tensors

/// The order in which a program keeps the axes of a parameter.
public enum WeightArrangement: Sendable {
  /// As here: filters are [height, width, inputs, outputs].
  case same
  /// Filters are [outputs, inputs, height, width], as in PyTorch.
  case outputsFirst
  /// A vector that is a row here, [1, count], is a column there, [count, 1].
  case column
  /// A filter as large as what it is applied to, [height, width, channels, outputs], is a matrix there,
  /// [outputs, channels · height · width]: a dense layer of PyTorch.
  case channelsFirst
  /// The same, [height · width · channels, outputs]: a dense layer of TensorFlow.
  case channelsLast

  /// The shape there.
  func foreignShape(_ own: Shape) -> Shape {
    switch self {
    case .same: own
    case .outputsFirst: [3, 2, 0, 1].map { own[$0] }
    case .column: own.reversed()
    case .channelsFirst: [own[3], own.dropLast().reduce(1, *)]
    case .channelsLast: [own.dropLast().reduce(1, *), own[3]]
    }
  }

  /// The shape here, nil if no parameter has that shape there. A matrix does not tell height, width and channels apart:
  /// all are taken for channels.
  func ownShape(_ foreign: Shape) -> Shape? {
    switch self {
    case .same: foreign
    case .outputsFirst: foreign.count == 4 ? [2, 3, 1, 0].map { foreign[$0] } : nil
    case .column: foreign.count == 2 ? foreign.reversed() : nil
    case .channelsFirst: foreign.count == 2 ? [1, 1, foreign[1], foreign[0]] : nil
    case .channelsLast: foreign.count == 2 ? [1, 1, foreign[0], foreign[1]] : nil
    }
  }

  /// The values as they are kept here.
  ///
  /// - Parameter shape: The shape that they have here.
  func own(_ foreign: Tensor, shape: Shape) -> Tensor {
    switch self {
    case .same: foreign
    case .outputsFirst: foreign.permuted([2, 3, 1, 0])
    case .column: foreign.transposed()
    case .channelsFirst: foreign.reshaped(to: [3, 2, 0, 1].map { shape[$0] }).permuted([2, 3, 1, 0])
    case .channelsLast: foreign.reshaped(to: shape)
    }
  }

  /// The values as they are kept there.
  func foreign(_ own: Tensor) -> Tensor {
    switch self {
    case .same: own
    case .outputsFirst: own.permuted([3, 2, 0, 1])
    case .column: own.transposed()
    case .channelsFirst: own.permuted([3, 2, 0, 1]).reshaped(to: foreignShape(own.shape))
    case .channelsLast: own.reshaped(to: foreignShape(own.shape))
    }
  }
}
