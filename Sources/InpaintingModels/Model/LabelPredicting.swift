package import Imaging
package import InpaintingData
import Support
import Tensors

/// A model that predicts a semantic label map, also at missing pixels.
protocol LabelPredicting {
  /// The classes of the predicted label maps; nil if the configuration has none.
  var predictedClasses: LabelClasses? { get }

  /// The classes that a user can request in the holes; nil if the model has no such condition.
  var requestedClasses: LabelClasses? { get }

  /// One label map for each picture, computed with the part of the forward pass that it needs; nil if the configuration
  /// has no classes.
  func predictedLabels(of batch: InpaintingBatch) -> [LabelMap]?

  /// One label map for each picture of the output of a forward pass; nil if the configuration has no classes.
  func predictedLabels(_ prediction: Prediction) -> [LabelMap]?

  /// The label maps of each scale of a multi-scale decoder but the last, the deepest first, with the name of the stage,
  /// upsampled to the pictures' size.
  func predictedLabelsOfScales(_ prediction: Prediction) -> [(name: String, maps: [LabelMap])]
}

extension LabelPredicting {
  func predictedLabelsOfScales(_ prediction: Prediction) -> [(name: String, maps: [LabelMap])] { [] }
}

extension InpaintingModel {
  /// The classes of the predicted label maps; nil if the model predicts none.
  package var predictedClasses: LabelClasses? { (self as? any LabelPredicting)?.predictedClasses }

  /// The classes that a user can request in the holes; nil if the model has no such condition.
  package var requestedClasses: LabelClasses? { (self as? any LabelPredicting)?.requestedClasses }

  /// The predicted label maps of an output of this model, one for each picture; nil if the model predicts none.
  package func labelMaps(of prediction: Prediction) -> [LabelMap]? {
    (self as? any LabelPredicting)?.predictedLabels(prediction)
  }

  /// The predicted label maps of each scale of a multi-scale decoder but the last, the deepest first, at the pictures'
  /// size; empty for other models.
  package func labelMapsOfScales(of prediction: Prediction) -> [(name: String, maps: [LabelMap])] {
    (self as? any LabelPredicting)?.predictedLabelsOfScales(prediction) ?? []
  }

  /// The predicted label maps of examples, which must all have one size, a multiple of `sizeMultiple`; nil if the model
  /// predicts none.
  package func labelMaps(of examples: [Example]) -> [LabelMap]? {
    (self as? any LabelPredicting)?.predictedLabels(of: InpaintingBatch(examples, conditions: conditions))
  }
}

extension LabelClasses {
  /// Reads the key `classes` of the section `model`: the name of a built-in list, the path of a file, or an object. The
  /// configuration that a run saves has an object in place of a file's path, so that its weights do not depend on that
  /// file.
  ///
  /// - Returns: Nil if the key is absent.
  /// - Throws: `Failure` of the kind `configuration`.
  init?(namedIn model: JSONReader) throws {
    guard let field = model.optional("classes") else { return nil }
    guard case .string = field.value.content else {
      let reader = try field.object()
      try self.init(reader, name: reader.string("name", default: "model.classes"))
      return
    }
    try self.init(field.string())
    if !isBuiltIn { model.answer("classes", json) }
  }

  /// Checks that the label maps of the section `data` have these classes.
  ///
  /// - Throws: `Failure` of the kind `configuration`.
  func requireLabels(_ given: [any ConditionSettings]) throws {
    guard let labels = given.lazy.compactMap({ $0 as? LabelSettings }).first else {
      throw Failure(
        .configuration,
        "`data.labels`: the network learns the classes of `model.classes`, expected label maps of \(name), found none; "
          + "without `model.classes` the model is trained without labels.")
    }
    guard labels.classes.classes.map(\.name) != classes.map(\.name) else { return }
    throw Failure(
      .configuration,
      "`data.labels.classes`: expected the classes of `model.classes`, \(name), found those of \(labels.classes.name).")
  }
}

extension InpaintingBatch {
  /// The one-hot ground-truth classes, zeros at unlabeled pixels: [batch, height, width, classes]. Nil if `classes` is
  /// nil, or the batch has no label maps.
  func trueLabels(_ classes: LabelClasses?) -> Tensor? {
    classes.flatMap { self[.labels($0)] }.map { $0.expanded(to: [images.shape[0]] + $0.shape.dropFirst()) }
  }

  /// The number of missing and the number of known positions over the batch, for holes at any scale,
  /// [batch or 1, height, width, 1].
  func pixelCounts(_ holes: Tensor) -> [Scalar] {
    let missing = holes.sum().scalar * Scalar(images.shape[0] / holes.shape[0])
    return [missing, Scalar(images.shape[0] * holes.shape[1] * holes.shape[2]) - missing]
  }

  /// The indices of the pictures that have at least one labeled pixel.
  func labeledPictures(_ classes: LabelClasses?) -> [Int] {
    guard let labels = trueLabels(classes) else { return [] }
    let counts = labels.sum(axes: [1, 2, 3]).elements
    return counts.indices.filter { counts[$0] > 0 }
  }
}

extension LabelMap {
  /// The argmax over classes, one map for each picture.
  ///
  /// - Parameter scores: [batch, height, width, classes].
  static func maps(ofLargest scores: Tensor, classes: LabelClasses) -> [LabelMap] {
    let (height, width) = (scores.shape[1], scores.shape[2])
    let positions = scores.argmax()
    return (0..<scores.shape[0]).map { sample in
      LabelMap(
        width: width, height: height,
        values: positions[sample * height * width..<(sample + 1) * height * width].map { UInt8($0) },
        classes: classes)
    }
  }
}
