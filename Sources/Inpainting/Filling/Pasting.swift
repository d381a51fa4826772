import Imaging

/// Copying of bytes from one picture into another, at a hole's pixels and nowhere else.
extension Picture {
  /// Replaces the missing pixels of a region's target by those of a picture of its view. Everything else, opacities and
  /// metadata too, stays as it is.
  mutating func paste(_ patch: Picture, into region: Region, missing: Hole) {
    precondition(
      (patch.width, patch.height, patch.channels) == (region.view.width, region.view.height, channels),
      "Picture.paste: \(patch.width)x\(patch.height)x\(patch.channels) is no picture of the view \(region.view)")
    let width = width
    pixels.withUnsafeMutableBufferPointer { pixels in
      for y in region.target.rows {
        for x in region.target.columns where missing.values[y * width + x] != 0 {
          let source = ((y - region.view.y) * patch.width + x - region.view.x) * channels
          let destination = (y * width + x) * channels
          for channel in 0..<channels { pixels[destination + channel] = patch.pixels[source + channel] }
        }
      }
    }
  }
}

extension OffsetField {
  /// Takes over the offsets of a region's missing pixels, as `Picture.paste` takes over colors.
  mutating func paste(_ patch: OffsetField, into region: Region, missing: Hole) {
    for y in region.target.rows {
      for x in region.target.columns where missing.values[y * width + x] != 0 {
        self[x, y] = patch[x - region.view.x, y - region.view.y]
      }
    }
  }
}

extension LabelMap {
  /// Takes over the classes of a region's view: those of its target, and elsewhere of pixels that nothing was known of.
  mutating func paste(_ patch: LabelMap, into region: Region) {
    let (target, view) = (region.target, region.view)
    for y in view.rows {
      for x in view.columns {
        let isTarget = target.rows.contains(y) && target.columns.contains(x)
        guard isTarget || values[y * width + x] == Self.ignored else { continue }
        values[y * width + x] = patch.values[(y - view.y) * patch.width + x - view.x]
      }
    }
  }
}
