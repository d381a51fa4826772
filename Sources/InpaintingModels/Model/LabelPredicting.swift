package import Imaging
package import InpaintingData

/// A model that can predict the classes of all pixels, also of the missing ones, from what it has filled.
protocol LabelPredicting {
  /// The classes that are predicted; nil if the model was configured without.
  var predictedClasses: LabelClasses? { get }

  /// The classes that a filling can be asked to follow; nil if it follows none.
  var requestedClasses: LabelClasses? { get }

  /// One map a picture, without filling it further than that takes; nil if the model was configured without classes.
  func predictedLabels(of batch: InpaintingBatch) -> [LabelMap]?

  /// One map a picture; nil if the model was configured without classes.
  func predictedLabels(_ filling: Filling) -> [LabelMap]?

  /// The same of each scale of a decoder that decides on labels before the last, the deepest first, by the names of stages and
  /// enlarged to the pictures' size.
  func predictedLabelsOfScales(_ filling: Filling) -> [(name: String, maps: [LabelMap])]
}

extension LabelPredicting {
  func predictedLabelsOfScales(_ filling: Filling) -> [(name: String, maps: [LabelMap])] { [] }
}

extension InpaintingModel {
  /// The classes of the label maps that the model predicts; nil if it predicts none.
  package var predictedClasses: LabelClasses? { (self as? any LabelPredicting)?.predictedClasses }

  /// The classes that a filling can be asked to follow in the hole; nil if the model follows none.
  package var requestedClasses: LabelClasses? { (self as? any LabelPredicting)?.requestedClasses }

  /// The label maps that the model predicts with a filling of its own, one a picture; nil if it predicts none.
  package func labelMaps(of filling: Filling) -> [LabelMap]? {
    (self as? any LabelPredicting)?.predictedLabels(filling)
  }

  /// The label maps that a decoder of several scales predicts at each but the last, the deepest first, in the pictures' size; none
  /// of another model.
  package func labelMapsOfScales(of filling: Filling) -> [(name: String, maps: [LabelMap])] {
    (self as? any LabelPredicting)?.predictedLabelsOfScales(filling) ?? []
  }

  /// The label maps that the model predicts for examples, all of one size that is a multiple of `sizeMultiple`; nil if it
  /// predicts none.
  package func labelMaps(of examples: [Example]) -> [LabelMap]? {
    (self as? any LabelPredicting)?.predictedLabels(of: InpaintingBatch(examples, conditions: conditions))
  }
}
