/// The part of a report that says how well labels are predicted, and how well fillings follow them.
package struct LabelScores: Equatable, Sendable {
  /// A number with the words for it.
  struct Row: Equatable, Sendable {
    /// The key in JSON.
    let key: String
    let title: String
    /// 0...1; nil where nothing was counted.
    let value: Double?
  }

  /// The name of the list of classes.
  let classes: String
  /// The pictures that were filled by a class of one's choice.
  let editedCount: Int
  let rows: [Row]

  static let format = NumberFormat.percent(decimals: 1)

  /// The table's heading.
  var title: String { "Labels of \(classes)" }

  /// What the rows are, for people.
  static let definition =
    "Mean IoU: of all pixels of all pictures, the mean over the classes of intersection over union. Controllability: all "
    + "labels of the hole are replaced by the most frequent class of the known pixels that is not the most frequent of the "
    + "hole, the picture is filled, and the filling labeled again as if nothing were missing; the mean over the pictures of "
    + "the IoU, in the hole, with what was asked for, beside that of the filling that nobody edited."
}
