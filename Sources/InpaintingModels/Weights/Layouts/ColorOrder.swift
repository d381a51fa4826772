import Tensors

/// The order of the three colors in the pictures that weights were trained on.
public enum ColorOrder: String, CaseIterable, Sendable {
  /// Red, green, blue: what everything here has.
  case rgb
  /// Blue, green, red: what programs have that read pictures with OpenCV, such as the authors' own of DeepFill.
  case bgr
}

/// The position of the three colors of pictures in a parameter; unless it says otherwise, before anything else on that
/// axis.
package enum ColorAxis: Sendable {
  /// The filter's inputs: the last axis but one.
  case inputs
  /// The outputs of a filter or a bias: the last axis.
  case outputs
  /// The last of the filter's inputs, and all its outputs: a layer that makes a picture from features and a picture.
  case lastInputsAndOutputs
}

extension Tensor {
  /// The same parameter for pictures with the colors in the other order.
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
