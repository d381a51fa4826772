package import Imaging
package import InpaintingData

/// A model's predictions of the classes of pixels.
package struct LabelPrediction {
  package let classes: LabelClasses
  /// True if the model follows the labels that an example requests.
  package let followsLabels: Bool
  /// The classes of an example's pixels, also of the missing ones; nil if the model predicts none.
  package let predict: ((_ example: Example) throws -> LabelMap)?

  package init(classes: LabelClasses, followsLabels: Bool, predict: ((_ example: Example) throws -> LabelMap)?) {
    self.classes = classes
    self.followsLabels = followsLabels
    self.predict = predict
  }
}

/// The label scores of a report: the quality of predicted labels, and of following requested ones.
package struct LabelScores: Equatable, Sendable {
  /// A number with its title.
  struct Row: Equatable, Sendable {
    /// The key in JSON.
    let key: String
    let title: String
    /// The value, 0...1, or more for distances; nil, in a row that reports leave out, where nothing was counted.
    let value: Double?
  }

  /// The name of the list of classes.
  let classes: String
  /// The number of pictures that were filled with a requested class.
  let editedCount: Int
  let rows: [Row]

  static let format = NumberFormat.percent(decimals: 1)

  /// The table's heading.
  var title: String { "Labels of \(classes)" }

  /// The meaning of the rows, for display.
  static let definition =
    "Mean IoU: of all pixels of all pictures, the mean over the classes of intersection over union. Controllability: all "
    + "labels of the hole are replaced by the most frequent class of the known pixels that is not the most frequent of the "
    + "hole, the picture is filled, and the filling labeled again as if nothing were missing; the mean over the pictures of "
    + "the IoU, in the hole, with what was asked for, beside that of the filling that nobody edited. Texture distance: the "
    + "difference of Gram matrices of the filling and the original over the missing pixels of each class, in parts of those of "
    + "the original: 0 % is the original, 100 % a filling without texture. Features are those of 96 random filters of 3, 7 "
    + "and 11 pixels, the same ones always, without response to flat color (Ustyuzhaninov et al., 2016)."
}

/// The measurement of labels, picture by picture.
struct LabelMeasurement {
  private let labeling: LabelPrediction
  private var inHole: ConfusionMatrix
  private var whole: ConfusionMatrix
  private var frequent: ConfusionMatrix
  private var followed: ConfusionMatrix
  private var textures = TextureDistance()
  private var edited: [Double] = []
  private var unedited: [Double] = []

  init(_ labeling: LabelPrediction) {
    self.labeling = labeling
    let empty = ConfusionMatrix(classes: labeling.classes.count)
    (inHole, whole, frequent, followed) = (empty, empty, empty, empty)
  }

  /// - Parameters:
  ///   - truth: The classes of the original; nil if they are unknown.
  ///   - filled: The picture filled by the model.
  ///   - fill: As in `Evaluator`, with the requested labels among the example's conditions.
  mutating func add(
    _ example: Example, truth: LabelMap?, filled: Picture, fill: (Example) throws -> Picture
  ) throws {
    if let truth { textures.add(example, truth: truth, filled: filled) }
    guard let predict = labeling.predict else { return }
    let predicted = try predict(example)
    if let truth {
      inHole.add(truth, predictedAs: predicted, in: example.hole)
      whole.add(truth, predictedAs: predicted)
      if let most = Self.classes(of: truth, missing: false, example.hole).first {
        frequent.add(truth, predictedAs: Self.uniform(most, like: truth), in: example.hole)
      }
    }
    guard labeling.followsLabels else { return }
    func relabeled(_ filled: Picture) throws -> LabelMap {
      let hole = Hole(width: filled.width, height: filled.height) { _, _ in false }
      return try predict(Example(picture: filled, hole: hole, name: example.name))
    }
    let unchanged = try relabeled(filled)
    followed.add(predicted, predictedAs: unchanged, in: example.hole)
    let own = Self.classes(of: predicted, missing: true, example.hole).first
    guard let other = Self.classes(of: predicted, missing: false, example.hole).first(where: { $0 != own }) else {
      return
    }
    let request = RequestedLabels(Self.uniform(other, like: predicted))
    let asked = Example(
      picture: example.picture, hole: example.hole, conditions: Conditions(example.conditions.all + [request]),
      name: example.name)
    edited.append(Self.share(of: other, in: try relabeled(fill(asked)), example.hole))
    unedited.append(Self.share(of: other, in: unchanged, example.hole))
  }

  /// The scores of all pictures.
  func finish() -> LabelScores {
    func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
    let prediction: [LabelScores.Row] = [
      .init(key: "mean_iou_hole", title: "Mean IoU of the prediction, inside the hole", value: inHole.meanIoU),
      .init(key: "mean_iou_whole", title: "Mean IoU of the prediction, whole picture", value: whole.meanIoU),
      .init(
        key: "accuracy_hole", title: "Pixel accuracy of the prediction, inside the hole", value: inHole.pixelAccuracy),
      .init(
        key: "mean_iou_frequent", title: "Mean IoU of the most frequent known class, inside the hole",
        value: frequent.meanIoU),
      .init(
        key: "accuracy_frequent", title: "Pixel accuracy of the most frequent known class, inside the hole",
        value: frequent.pixelAccuracy),
      .init(
        key: "texture_distance", title: "Texture distance of the filling by class, inside the hole",
        value: textures.ratio),
    ]
    let control: [LabelScores.Row] = [
      .init(
        key: "controllability", title: "Controllability: edited filling, IoU with the class asked for",
        value: mean(edited)),
      .init(
        key: "controllability_unedited", title: "Unedited filling, IoU with the class asked for", value: mean(unedited)),
      .init(
        key: "followed", title: "Unedited filling, mean IoU with the labels that it followed", value: followed.meanIoU),
    ]
    return LabelScores(
      classes: labeling.classes.name, editedCount: edited.count,
      rows: (prediction + control).filter { $0.value != nil })
  }

  /// A map that has one class everywhere.
  private static func uniform(_ value: UInt8, like map: LabelMap) -> LabelMap {
    LabelMap(
      width: map.width, height: map.height, values: [UInt8](repeating: value, count: map.values.count),
      classes: map.classes)
  }

  /// The classes of the missing or of the known pixels, the most frequent first.
  private static func classes(of map: LabelMap, missing: Bool, _ hole: Hole) -> [UInt8] {
    var counts = [Int](repeating: 0, count: map.classes.count)
    for (value, isMissing) in zip(map.values, hole.values) where (isMissing != 0) == missing {
      if value != LabelMap.ignored { counts[Int(value)] += 1 }
    }
    return counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }.map { UInt8($0) }
  }

  /// The share of missing pixels of a class: the IoU with a request of that class for the whole hole.
  private static func share(of value: UInt8, in map: LabelMap, _ hole: Hole) -> Double {
    let found = zip(map.values, hole.values).count { $0 == value && $1 != 0 }
    return Double(found) / Double(max(1, hole.missingCount))
  }
}

/// A confusion matrix: pixels counted by their true and their predicted class.
struct ConfusionMatrix: Equatable, Sendable {
  private let classes: Int
  /// Row by row: rows are true classes, columns predicted ones.
  private var counts: [Int]

  init(classes: Int) {
    self.classes = classes
    counts = [Int](repeating: 0, count: classes * classes)
  }

  /// Counts a pixel, unless one of the values is `LabelMap.ignored`.
  mutating func add(_ truth: UInt8, predictedAs predicted: UInt8) {
    guard truth != LabelMap.ignored, predicted != LabelMap.ignored else { return }
    counts[Int(truth) * classes + Int(predicted)] += 1
  }

  /// Counts the missing pixels of two maps of the same size, or all of them.
  mutating func add(_ truth: LabelMap, predictedAs predicted: LabelMap, in hole: Hole? = nil) {
    for (index, value) in truth.values.enumerated() where hole.map({ $0.values[index] != 0 }) ?? true {
      add(value, predictedAs: predicted.values[index])
    }
  }

  /// The mean intersection over union, 0...1, over the classes that occur as true or predicted ones; nil if nothing was
  /// counted.
  var meanIoU: Double? {
    let ratios = (0..<classes).compactMap { name -> Double? in
      let own = (0..<classes).reduce(0) { $0 + counts[name * classes + $1] }
      let taken = (0..<classes).reduce(0) { $0 + counts[$1 * classes + name] }
      let both = counts[name * classes + name]
      return own + taken == 0 ? nil : Double(both) / Double(own + taken - both)
    }
    return ratios.isEmpty ? nil : ratios.reduce(0, +) / Double(ratios.count)
  }

  /// The share of pixels whose class is predicted correctly, 0...1; nil if nothing was counted.
  var pixelAccuracy: Double? {
    let total = counts.reduce(0, +)
    return total == 0 ? nil : Double((0..<classes).reduce(0) { $0 + counts[$1 * classes + $1] }) / Double(total)
  }
}
