import InpaintingData
import Tensors

/// The pixels in the holes of what a generator begins with, and the meaning of its networks' outputs that goes with them.
package enum DeepFillStart: String, CaseIterable, Sendable {
  /// Gray; each network predicts a picture.
  case published
  /// The harmonic fill; each network predicts what to add to it inside the holes, and nothing at first.
  ///
  /// Nowhere else: with differences of known pixels too, the mean absolute error's kink at 0 would hold the last layers
  /// where they start. And since nothing bounds a difference, no tanh and no clamp comes before the sum.
  case harmonic

  /// The conditions that it takes of a batch.
  var conditions: [Condition] { self == .harmonic ? [.start] : [] }

  /// The pictures that the first stage gets.
  func pictures(of batch: InpaintingBatch) -> Tensor { self == .harmonic ? batch.started : batch.known }
}
