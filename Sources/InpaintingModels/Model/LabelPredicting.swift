package import Imaging
package import InpaintingData
import Support
import Tensors

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

extension LabelClasses {
  /// Reads the key `classes` of the section `model`: a built-in list, the path of a file, or an object, which the list of a
  /// file becomes in what a run writes down: weights must not depend on a file beside them.
  ///
  /// - Returns: Nil if there is no such key.
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

  /// Checks that the label maps of the section `data` are of these classes.
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
  /// The true classes of pixels, one-hot, zeros where nobody knows: [batch, height, width, classes]; nil without classes.
  func trueLabels(_ classes: LabelClasses?) -> Tensor? {
    classes.flatMap { self[.labels($0)] }.map { $0.expanded(to: [images.shape[0]] + $0.shape.dropFirst()) }
  }

  /// The numbers of missing and of known pixels of all pictures, by holes of any size, [batch or 1, height, width, 1].
  func pixelCounts(_ holes: Tensor) -> [Scalar] {
    let missing = holes.sum().scalar * Scalar(images.shape[0] / holes.shape[0])
    return [missing, Scalar(images.shape[0] * holes.shape[1] * holes.shape[2]) - missing]
  }

  /// The positions of the pictures of which some pixel has a known class.
  func labeledPictures(_ classes: LabelClasses?) -> [Int] {
    guard let labels = trueLabels(classes) else { return [] }
    let counts = labels.sum(axes: [1, 2, 3]).elements
    return counts.indices.filter { counts[$0] > 0 }
  }
}

extension LabelMap {
  /// The class of the largest score of each pixel, one map a picture.
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
