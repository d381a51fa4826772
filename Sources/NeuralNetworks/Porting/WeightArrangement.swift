package import Tensors

/// The memory layout of a parameter in another framework.
package enum WeightArrangement: Sendable {
  /// As here: filters are [height, width, inputs, outputs], matrices [inputs, outputs].
  case same
  /// Filters are [outputs, inputs, height, width], as in PyTorch.
  case outputsFirst
  /// Matrices are [outputs, inputs], as in PyTorch; a row, [1, count], is a column.
  case transposed
  /// A matrix is a convolution of kernel 1, [outputs, inputs, 1], as in PyTorch.
  case pointwise
  /// One-dimensional filters, [length, inputs, outputs], are [outputs, inputs, length], as in PyTorch.
  case sequence
  /// A filter as large as its input, [height, width, channels, outputs], is a dense layer's matrix,
  /// [outputs, channels · height · width], as in PyTorch.
  case channelsFirst
  /// The same as [height · width · channels, outputs], as in TensorFlow.
  case channelsLast

  /// The shape in the other framework.
  package func foreignShape(_ own: Shape) -> Shape {
    switch self {
    case .same: own
    case .outputsFirst: [3, 2, 0, 1].map { own[$0] }
    case .transposed, .sequence: own.reversed()
    case .pointwise: own.reversed() + [1]
    case .channelsFirst: [own[3], own.dropLast().reduce(1, *)]
    case .channelsLast: [own.dropLast().reduce(1, *), own[3]]
    }
  }

  /// The shape here, nil if no parameter has `foreign` as its shape there. A dense layer's matrix does not tell height,
  /// width and channels apart: all are counted as channels.
  package func ownShape(_ foreign: Shape) -> Shape? {
    switch self {
    case .same: foreign
    case .outputsFirst: foreign.count == 4 ? [2, 3, 1, 0].map { foreign[$0] } : nil
    case .transposed: foreign.count == 2 ? foreign.reversed() : nil
    case .pointwise: foreign.count == 3 && foreign[2] == 1 ? [foreign[1], foreign[0]] : nil
    case .sequence: foreign.count == 3 ? foreign.reversed() : nil
    case .channelsFirst: foreign.count == 2 ? [1, 1, foreign[1], foreign[0]] : nil
    case .channelsLast: foreign.count == 2 ? [1, 1, foreign[0], foreign[1]] : nil
    }
  }

  /// Converts values to the layout here.
  ///
  /// - Parameter shape: Their shape here.
  package func own(_ foreign: Tensor, shape: Shape) -> Tensor {
    switch self {
    case .same: foreign
    case .outputsFirst: foreign.permuted([2, 3, 1, 0])
    case .transposed: foreign.transposed()
    case .pointwise: foreign.permuted([1, 0, 2]).reshaped(to: shape)
    case .sequence: foreign.permuted([2, 1, 0])
    case .channelsFirst: foreign.reshaped(to: [3, 2, 0, 1].map { shape[$0] }).permuted([2, 3, 1, 0])
    case .channelsLast: foreign.reshaped(to: shape)
    }
  }

  /// Converts values to the other framework's layout.
  package func foreign(_ own: Tensor) -> Tensor {
    switch self {
    case .same: own
    case .outputsFirst: own.permuted([3, 2, 0, 1])
    case .transposed: own.transposed()
    case .pointwise: own.transposed().reshaped(to: foreignShape(own.shape))
    case .sequence: own.permuted([2, 1, 0])
    case .channelsFirst: own.permuted([3, 2, 0, 1]).reshaped(to: foreignShape(own.shape))
    case .channelsLast: own.reshaped(to: foreignShape(own.shape))
    }
  }
}
