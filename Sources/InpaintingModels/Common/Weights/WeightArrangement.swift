import Tensors

/// The order in which a program keeps the axes of a parameter.
public enum WeightArrangement: Sendable {
  /// As here: filters are [height, width, inputs, outputs].
  case same
  /// Filters are [outputs, inputs, height, width], as in PyTorch.
  case outputsFirst
  /// A vector that is a row here, [1, count], is a column there, [count, 1].
  case column

  /// The shape there.
  func foreignShape(_ own: Shape) -> Shape {
    switch self {
    case .same: own
    case .outputsFirst: [3, 2, 0, 1].map { own[$0] }
    case .column: own.reversed()
    }
  }

  /// The shape here, nil if no parameter has that shape there.
  func ownShape(_ foreign: Shape) -> Shape? {
    switch self {
    case .same: foreign
    case .outputsFirst: foreign.count == 4 ? [2, 3, 1, 0].map { foreign[$0] } : nil
    case .column: foreign.count == 2 ? foreign.reversed() : nil
    }
  }

  /// The values as they are kept here.
  func own(_ foreign: Tensor) -> Tensor {
    switch self {
    case .same: foreign
    case .outputsFirst: foreign.permuted([2, 3, 1, 0])
    case .column: foreign.transposed()
    }
  }

  /// The values as they are kept there.
  func foreign(_ own: Tensor) -> Tensor {
    switch self {
    case .same: own
    case .outputsFirst: own.permuted([3, 2, 0, 1])
    case .column: own.transposed()
    }
  }
}
