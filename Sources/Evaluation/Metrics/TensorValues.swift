import Imaging
import Tensors

/// Apart from `PictureValues`, which knows no tensors.
extension PictureValues {
  /// A picture of a tensor. What lies outside −1...1 is cut off, as it would be in a file, but nothing is rounded.
  ///
  /// - Parameter tensor: [1, height, width, channels].
  package init(_ tensor: Tensor) {
    precondition(
      tensor.rank == 4 && tensor.shape[0] == 1,
      "PictureValues: expected one picture, [1, height, width, channels], found shape \(tensor.shape)")
    let values = tensor.withElements { elements in
      elements.map { (Double.minimum(Double.maximum(Double($0), -1), 1) + 1) / 2 }
    }
    self.init(width: tensor.shape[2], height: tensor.shape[1], channels: tensor.shape[3], values: values)
  }
}
