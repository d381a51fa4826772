/// The mappings of a convolution with a bias, as other programs keep it.
extension WeightMapping {
  /// PyTorch.
  ///
  /// - Parameter colors: Where its filters have the colors of pictures.
  static func convolution(_ own: String, _ foreign: String, colours: ColourAxis?) -> [WeightMapping] {
    [
      WeightMapping(own + ".weight", foreign + ".weight", .outputsFirst, colours: colours),
      WeightMapping(own + ".bias", foreign + ".bias", colours: colours == .outputs ? .outputs : nil),
    ]
  }

  /// TensorFlow, where filters are arranged as here.
  ///
  /// - Parameter colours: Where its filters have the colors of pictures.
  static func variables(_ own: String, _ foreign: String, colours: ColourAxis?) -> [WeightMapping] {
    [
      WeightMapping(own + ".weight", foreign + "/kernel", colours: colours),
      WeightMapping(own + ".bias", foreign + "/bias", colours: colours == .outputs ? .outputs : nil),
    ]
  }
}

extension WeightLayout {
  /// The name endings of what Adam keeps beside each variable in TensorFlow's checkpoints.
  static let momentEndings = ["/Adam", "/Adam_1"]
}
