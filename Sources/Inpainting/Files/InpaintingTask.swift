/// One picture to fill: where it and its hole are, and where the result goes.
struct InpaintingTask: Equatable, Sendable {
  /// The path that messages show, of a folder's pictures relative to the folder.
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
