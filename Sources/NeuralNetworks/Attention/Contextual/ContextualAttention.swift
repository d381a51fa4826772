package import Tensors

/// Contextual attention: holes are rebuilt from patches of the known context that match them best (Yu et al.,
/// 2018, section 3.2 and 3.3).
///
/// Foreground and background are halved, and every 3x3 patch of the one is compared with every 3x3 patch of the other,
/// the latter at length 1. A softmax over the scores, sharpened by `scale`, weights the 4x4 patches of the full
/// background, which are pasted at the foreground's position. Patches that touch the hole score 0 before the softmax
/// and weigh nothing after it, so that the weights of a position sum to less than 1, and to 0 if nothing is known.
/// Overlaps are divided by 4 at the borders too. `reduction` offers another way to have few patches.
///
/// Every position has a score with every other one. Large pictures are therefore done in blocks of rows, and nothing is
/// kept for the gradient, which makes the scores again.
package struct ContextualAttention: Sendable {
  /// True if neighboring scores strengthen each other: a position that follows its left (upper) neighbor as their
  /// matches follow each other is likely to be right. As in the authors' code the end of a row is a neighbor of the
  /// beginning of the next.
  package var fuses: Bool
  /// The way in which patches become few enough.
  package var reduction: PatchReduction
  /// The pixels that halving takes.
  package var nearestRule: NearestRule
  /// The length that patches of the background are divided by.
  package var patchLength: PatchLength
  /// The factor of scores before the softmax.
  package var scale: Scalar
  /// The most bytes that scores and weights may take at once, about. The result depends on it by rounding alone.
  package var scoreBytes: Int

  package init(
    fuses: Bool = true, reduction: PatchReduction = .downsampling, nearestRule: NearestRule = .alignCorners,
    patchLength: PatchLength = .floored, scale: Scalar = 10, scoreBytes: Int = 256 << 20
  ) {
    self.fuses = fuses
    self.reduction = reduction
    self.nearestRule = nearestRule
    self.patchLength = patchLength
    self.scale = scale
    self.scoreBytes = scoreBytes
  }

  /// - Parameters:
  ///   - foreground: [batch, height, width, channels], even sizes.
  ///   - background: The same shape; the foreground itself if nil.
  ///   - hole: [batch or 1, height / 2, width / 2, 1], 1 where pixels are missing.
  /// - Returns: The foreground's shape.
  package func callAsFunction(_ foreground: Tensor, background: Tensor? = nil, hole: Tensor) -> Tensor {
    checkShapes(foreground, background, hole)
    let usable = Self.usablePatches(hole)
    if reduction == .stride { return strided([foreground] + (background.map { [$0] } ?? []), usable) }
    return customVJP([foreground] + (background.map { [$0] } ?? [])) { pictures in
      rebuilt(pictures, usable)
    } rule: { cotangent, pictures, number in
      slope(cotangent, pictures, usable, of: number)
    }
  }

  /// The position of the background from which each position of the foreground draws most, to show what attention sees.
  /// Of equal weights the first wins.
  ///
  /// - Parameters: As above.
  /// - Returns: A map of the halved picture's positions for each picture. With strides, of the upper left pixel of each
  ///   square of 2x2.
  package func argmaxMaps(_ foreground: Tensor, background: Tensor? = nil, hole: Tensor) -> [AttentionMap] {
    checkShapes(foreground, background, hole)
    let shape = foreground.shape
    let (height, width) = (shape[1] / 2, shape[2] / 2)
    let usable = Self.usablePatches(hole)
    let pictures = [foreground.detached()] + (background.map { [$0.detached()] } ?? [])
    if reduction == .stride { return stridedMatches(pictures, usable) }
    let blocks = AttentionBlocks(shape, bytes: scoreBytes, matrices: 2)
    return blocks.samples.flatMap { samples in
      let scored = PatchScores(self, pictures.map { $0.samples(samples) }, usable.samples(samples))
      let parts = blocks.rows.map { scored.weights(of: Array($0)).positionsOfMaxima() }
      return (0..<samples.count).map { sample in
        let matches = parts.flatMap { part in
          part[part.count / samples.count * sample..<part.count / samples.count * (sample + 1)]
        }
        return AttentionMap(width: width, height: height, matches: matches[...])
      }
    }
  }

  private func rebuilt(_ pictures: [Tensor], _ usable: Tensor) -> Tensor {
    let blocks = AttentionBlocks(pictures[0].shape, bytes: scoreBytes, matrices: 2)
    let groups = blocks.samples.map { samples in
      let scored = PatchScores(self, pictures.map { $0.samples(samples) }, usable.samples(samples))
      let parts = blocks.rows.map { rows in
        // A 4x4 patch covers pixels of the positions above and below.
        let reaching = Array(max(0, rows.lowerBound - 1)..<min(blocks.height, rows.upperBound + 1))
        return pastePatches(
          scored.weights(of: reaching), of: scored.background, kernel: 4, stride: 2, from: reaching, to: rows)
      }
      return joined(parts, axis: 1) / 4
    }
    return joined(groups, axis: 0)
  }

  /// The cotangent of one of the pictures. As ⟨cotangent, pasted weights⟩ = ⟨weights, cotangent compared with the
  /// background⟩, the pasting need not be done again.
  private func slope(_ cotangent: Tensor, _ pictures: [Tensor], _ usable: Tensor, of number: Int) -> Tensor {
    let blocks = AttentionBlocks(cotangent.shape, bytes: scoreBytes, matrices: 6)
    let groups = blocks.samples.map { samples in
      let pictures = pictures.map { $0.samples(samples) }
      let (usable, cotangent) = (usable.samples(samples), cotangent.samples(samples) / 4)
      let slopes = blocks.rows.map { rows in
        gradient(at: pictures[number]) { picture in
          var pictures = pictures
          pictures[number] = picture
          let scored = PatchScores(self, pictures, usable)
          let gains = comparePatches(cotangent, scored.background, kernel: 4, stride: 2, rows: Array(rows))
          return dot(scored.weights(of: Array(rows)), gains)
        }
      }
      return slopes.dropFirst().reduce(slopes[0]) { $0 + $1 }
    }
    return joined(groups, axis: 0)
  }

  private func checkShapes(_ foreground: Tensor, _ background: Tensor?, _ hole: Tensor) {
    let shape = foreground.shape
    precondition(
      shape.count == 4 && shape.allSatisfy { $0 > 0 } && shape[1] % 2 == 0 && shape[2] % 2 == 0
        && (background.map { $0.shape == shape } ?? true),
      "ContextualAttention: expected equal shapes of even height and width, found \(shape) and "
        + "\(background?.shape ?? shape)")
    let halved = [shape[1] / 2, shape[2] / 2, 1]
    precondition(
      [[shape[0]] + halved, [1] + halved].contains(hole.shape),
      "ContextualAttention: expected a hole of shape [\(shape[0]) or 1, \(halved[0]), \(halved[1]), 1], "
        + "found \(hole.shape)")
  }

  /// 1 for each 3x3 patch without a missing pixel, 0 for the others: [batch or 1, 1, height · width]. What lies outside
  /// the picture counts as known.
  static func usablePatches(_ hole: Tensor) -> Tensor {
    let missing = hole.detached().unfolded(kernel: 3, padding: Padding(1)).maximum(axes: [-1])
    return Tensor(missing.elements.map { $0 == 0 ? 1 : 0 }, shape: [missing.shape[0], 1, missing.shape[1]])
  }
}

extension Tensor {
  /// Some samples of the batch; a batch of 1 serves them all.
  func samples(_ samples: Range<Int>) -> Tensor {
    samples.count == shape[0] || shape[0] == 1 ? self : sliced(axis: 0, samples)
  }
}

/// Parts one after the other, without a copy if there is one alone.
private func joined(_ parts: [Tensor], axis: Int) -> Tensor {
  parts.count == 1 ? parts[0] : concatenate(parts, axis: axis)
}
