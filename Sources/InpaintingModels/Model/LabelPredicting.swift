import Imaging

/// A model that can predict the classes of all pixels, also of the missing ones, from what it has filled.
protocol LabelPredicting {
  /// One map a picture; nil if the model was configured without classes.
  func predictedLabels(_ filling: Filling) -> [LabelMap]?
}

extension InpaintingModel {
  /// The label maps that the model predicts with a filling of its own, one a picture; nil if it predicts none.
  package func labelMaps(of filling: Filling) -> [LabelMap]? {
    (self as? any LabelPredicting)?.predictedLabels(filling)
  }
}
