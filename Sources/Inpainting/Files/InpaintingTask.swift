/// One picture to fill: where it and its hole are, and where the result goes.
struct InpaintingTask: Equatable, Sendable {
  /// What messages call it: its path, in a folder relative to that.
  let name: String
  let picture: String
  /// Nil if the picture's own opacities show the hole.
  let hole: String?
  /// Nil if there is none.
  let sketch: String?
  /// The label map that the filling is to follow; nil if there is none.
  let labels: String?
  let output: OutputFile
}
