// swift-format-ignore-file
// Made by Scripts/make-perceptual-values; do not edit.

/// LPIPS of the noises `first` and `second`, by networks full of noise.
package enum PerceptualReference {
  package static let height = 70, width = 51
  package static let rows = 16..<50, columns = 8..<31
  /// Of the whole picture, and the mean of the map over the rows and columns.
  package static let values: [(network: String, whole: Double, hole: Double)] = [
    ("alex", 0.945483552686, 0.960710591797),
    ("vgg", 0.907299376128, 0.92072729681),
    ("squeeze", 0.872254254198, 0.885813948083),
  ]
}
