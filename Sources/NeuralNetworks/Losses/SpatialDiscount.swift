import Foundation
import Tensors

/// The weight of errors in a window whose border is known and whose middle is anybody's guess (Yu et al., 2018,
/// section 4.1).
///
/// Pixel (i, j) of a window counts the larger of discount^min(i, height − i) and discount^min(j, width − j): the
/// distances are those that the authors' program takes, one larger to the right and below than to the left and above.
///
/// - Parameter discount: Above 0, at most 1; 1 lets all pixels count the same.
/// - Returns: [1, height, width, 1].
package func spatialDiscount(height: Int, width: Int, discount: Double) -> Tensor {
  precondition(
    discount > 0 && discount <= 1, "spatialDiscount: expected a discount above 0 and at most 1, found \(discount)")
  func distance(_ place: Int, _ size: Int) -> Int { min(place, size - place) }
  return Tensor(shape: [1, height, width, 1]) { elements in
    for row in 0..<height {
      for column in 0..<width {
        let nearest = min(distance(row, height), distance(column, width))
        elements[row * width + column] = Scalar(pow(discount, Double(nearest)))
      }
    }
  }
}
