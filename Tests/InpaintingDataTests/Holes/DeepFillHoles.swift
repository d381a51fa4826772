import InpaintingData

extension HoleConfiguration {
  /// The holes of DeepFill v2: strokes and a box.
  static func deepFill(pictureSize: Int) -> HoleConfiguration {
    .union([.freeForm(FreeFormHoles()), .box(BoxHoles(pictureSize: pictureSize))])
  }
}
