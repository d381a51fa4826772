import Tensors

/// The order of the color channels in the pictures that weights were trained on.
public enum ColorOrder: String, CaseIterable, Sendable {
  /// Red, green, blue: the order of this package.
  case rgb
  /// Blue, green, red: the order of OpenCV, and so of the authors' DeepFill code.
  case bgr
}

/// The axis of a parameter that has the color channels of pictures. Unless a case says otherwise, they are the first
/// three of that axis.
package enum ColorAxis: Sendable {
  /// The input axis of a filter, [height, width, inputs, outputs].
  case inputs
  /// The output axis of a filter or a bias, the last one.
  case outputs
  /// The last three of a filter's inputs, and all its outputs: a layer from concatenated features and a picture to a
  /// picture.
  case lastInputsAndOutputs
}

extension Tensor {
  /// The parameter with its color channels reversed, for pictures in the other color order.
  ///
  /// - Precondition: There are at least three channels along the axis.
  func reversingColors(_ colors: ColorAxis) -> Tensor {
    switch colors {
    case .inputs: reversingThree(axis: rank - 2, from: 0)
    case .outputs: reversingThree(axis: rank - 1, from: 0)
    case .lastInputsAndOutputs:
      reversingThree(axis: rank - 2, from: shape[rank - 2] - 3).reversingThree(axis: rank - 1, from: 0)
    }
  }

  private func reversingThree(axis: Int, from start: Int) -> Tensor {
    let three = [start + 2..<start + 3, start + 1..<start + 2, start..<start + 1]
    let parts = ([0..<start] + three + [start + 3..<shape[axis]]).filter { !$0.isEmpty }
    return concatenate(parts.map { sliced(axis: axis, $0) }, axis: axis)
  }
}
