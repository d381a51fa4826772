import Imaging

/// A picture whose hole is filled, with the additional parts that were requested.
package struct FilledPicture: Sendable {
  /// The picture with its hole filled; all other pixels, alpha and metadata are those of the original.
  package let picture: Picture
  /// The picture filled by each of the network's earlier stages, by the stages' names; empty unless requested.
  package let stages: [(name: String, picture: Picture)]
  /// The offset from each filled pixel to the position that the network attended to, zero elsewhere; nil unless
  /// requested, or if the model has no attention.
  package let offsets: OffsetField?
  /// The offsets as colors, white where they are zero.
  package var attention: Picture? { offsets?.picture }
  /// The predicted classes of the pixels, also of the missing ones; ignored where the network saw nothing. Nil unless
  /// requested, or if the model predicts none.
  package let labels: LabelMap?
  /// The predicted classes at each scale before the last, for networks that predict labels at several, by the scales'
  /// names.
  package let scaleLabels: [(name: String, map: LabelMap)]
  /// The strategy that was used.
  package let strategy: FillingStrategy
  /// The number of times that the network ran.
  package let regionCount: Int
}

/// The parts that may be requested beside a filled picture.
package struct ShownParts: OptionSet, Hashable, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// The pictures of the stages before the last.
  package static let stages = ShownParts(rawValue: 1)
  /// The positions that the network attended to.
  package static let attention = ShownParts(rawValue: 2)
  /// The classes of pixels, for editing.
  package static let labels = ShownParts(rawValue: 4)

  /// The name of the first of the parts; nil for none.
  var name: String? {
    let names: [(ShownParts, String)] = [(.stages, "stages"), (.attention, "attention"), (.labels, "labels")]
    return names.first { contains($0.0) }?.1
  }
}

/// Copying of bytes from one picture into another, at a hole's pixels and nowhere else.
extension Picture {
  /// Replaces the missing pixels of a region's target by those of a picture of its view. Everything else, also alpha
  /// and metadata, stays as it is.
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
  /// Pastes the offsets of a region's missing pixels, as `Picture.paste` pastes colors.
  mutating func paste(_ patch: OffsetField, into region: Region, missing: Hole) {
    for y in region.target.rows {
      for x in region.target.columns where missing.values[y * width + x] != 0 {
        self[x, y] = patch[x - region.view.x, y - region.view.y]
      }
    }
  }
}

extension LabelMap {
  /// Pastes the classes of a region's view: those of its target, and elsewhere those of ignored pixels.
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
