import Imaging

/// A picture whose hole `PictureFiller` has filled, with what was asked for beside it.
package struct FilledPicture: Sendable {
  /// The picture with its hole filled; every other pixel, opacity and all metadata are those of the original.
  package let picture: Picture
  /// The same with the hole filled by each of the network's earlier stages, by the stages' names; empty unless asked for.
  package let stages: [(name: String, picture: Picture)]
  /// The offset of each filled pixel to where the network's attention looked, zero elsewhere; nil unless asked for, or if
  /// the model has no attention.
  package let offsets: OffsetField?
  /// The same as a color for each filled pixel, white elsewhere.
  package var attention: Picture? { offsets?.picture }
  /// The classes of the pixels as the network sees them, also of the missing ones; ignored where it saw nothing. Nil unless
  /// asked for, or if the model predicts none.
  package let labels: LabelMap?
  /// The same of each scale before the last of a network that decides on labels at several, by the scales' names.
  package let scaleLabels: [(name: String, map: LabelMap)]
  /// The way in which the picture was cut.
  package let strategy: FillingStrategy
  /// The number of times that the network ran.
  package let regionCount: Int
}

/// The parts that may be shown beside a filled picture.
package struct ShownParts: OptionSet, Hashable, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// The pictures of the stages before the last.
  package static let stages = ShownParts(rawValue: 1)
  /// The pixels that the attention looked at.
  package static let attention = ShownParts(rawValue: 2)
  /// The classes of pixels, for people to change.
  package static let labels = ShownParts(rawValue: 4)

  /// The first of the parts, as it is asked for; nil of none.
  var name: String? {
    let names: [(ShownParts, String)] = [(.stages, "stages"), (.attention, "attention"), (.labels, "labels")]
    return names.first { contains($0.0) }?.1
  }
}

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
