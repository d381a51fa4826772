import Tensors

/// Which of the three colours comes first in the pictures that weights were trained on.
public enum ColourOrder: String, CaseIterable, Sendable {
  /// Red, green, blue: what everything here has.
  case rgb
  /// Blue, green, red: what programs have that read pictures with OpenCV, such as the authors' own of DeepFill.
  case bgr
}

/// The axis of a parameter along which the three colours of pictures lie, before anything else that lies there.
public enum ColourAxis: Sendable {
  /// The filter's inputs: the last axis but one.
  case inputs
  /// The outputs of a filter or a bias: the last axis.
  case outputs
}

extension Tensor {
  /// The same parameter for pictures with the colours in the other order.
  ///
  /// - Precondition: There are at least three channels along the axis.
  func reversingColours(_ colours: ColourAxis) -> Tensor {
    let axis = colours == .inputs ? rank - 2 : rank - 1
    let parts = [2..<3, 1..<2, 0..<1, 3..<shape[axis]].filter { !$0.isEmpty }
    return concatenate(parts.map { sliced(axis: axis, $0) }, axis: axis)
  }
}
