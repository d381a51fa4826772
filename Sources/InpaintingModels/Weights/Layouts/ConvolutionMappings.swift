/// The mappings of a convolution with a bias, as other programs keep it.
extension WeightMapping {
  /// PyTorch.
  ///
  /// - Parameter colors: Where its filters have the colors of pictures.
  static func convolution(_ own: String, _ foreign: String, colors: ColorAxis?) -> [WeightMapping] {
    [
      WeightMapping(own + ".weight", foreign + ".weight", .outputsFirst, colors: colors),
      WeightMapping(own + ".bias", foreign + ".bias", colors: colors == .outputs ? .outputs : nil),
    ]
  }

  /// TensorFlow, where filters are arranged as here.
  ///
  /// - Parameter colors: Where its filters have the colors of pictures.
  static func variables(_ own: String, _ foreign: String, colors: ColorAxis?) -> [WeightMapping] {
    [
      WeightMapping(own + ".weight", foreign + "/kernel", colors: colors),
      WeightMapping(own + ".bias", foreign + "/bias", colors: colors == .outputs ? .outputs : nil),
    ]
  }
}

extension WeightLayout {
  /// The name endings of what Adam keeps beside each variable in TensorFlow's checkpoints.
  static let momentEndings = ["/Adam", "/Adam_1"]
}
