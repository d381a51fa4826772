package import Tensors

/// Contextual attention: fills holes with patches of the known background, weighted by similarity (Yu et al., 2018,
/// sections 3.2 and 3.3).
///
/// Foreground and background are downsampled by 2, and every 3x3 patch of the foreground (query) is compared with every
/// 3x3 patch of the background (key), which is divided by its L2 norm. A softmax over the scores times `scale` gives
/// the weights of the 4x4 patches of the full-size background (values), whose weighted sum is pasted at the query's
/// position. Patches that touch the hole score 0 before the softmax and get weight 0 after it, so the weights of a
/// position sum to less than 1, and to 0 if nothing is known. Overlapping patches are summed and divided by 4, at the
/// borders too. `reduction` selects another way to limit the number of patches.
///
/// Every position has a score with every other one. Large inputs are therefore computed in blocks of rows, and nothing
/// is saved for the gradient, which recomputes the scores.
package struct ContextualAttention: Sendable {
  /// True to propagate attention between neighbors: a score is increased by those of its neighbors along the diagonals,
  /// because adjacent positions are likely to match adjacent patches. As in the authors' code, the end of a row is
  /// adjacent to the beginning of the next.
  package var fuses: Bool
  /// The way to limit the number of patches.
  package var reduction: PatchReduction
  /// The rule by which downsampling selects pixels.
  package var nearestRule: NearestRule
  /// The norm that the keys are divided by.
  package var patchLength: PatchNorm
  /// The factor of the scores before the softmax (the inverse temperature).
  package var scale: Scalar
  /// The approximate maximum of bytes for scores and weights at a time. It changes the result by rounding only.
  package var scoreBytes: Int

  package init(
    fuses: Bool = true, reduction: PatchReduction = .downsampling, nearestRule: NearestRule = .alignCorners,
    patchLength: PatchNorm = .floored, scale: Scalar = 10, scoreBytes: Int = 256 << 20
  ) {
    self.fuses = fuses
    self.reduction = reduction
    self.nearestRule = nearestRule
    self.patchLength = patchLength
    self.scale = scale
    self.scoreBytes = scoreBytes
  }

  /// - Parameters:
  ///   - foreground: [batch, height, width, channels], of even height and width.
  ///   - background: The same shape; the foreground itself if nil.
  ///   - hole: [batch or 1, height / 2, width / 2, 1], 1 where pixels are missing.
  /// - Returns: The foreground's shape.
  package func callAsFunction(_ foreground: Tensor, background: Tensor? = nil, hole: Tensor) -> Tensor {
    checkShapes(foreground, background, hole)
    let valid = Self.validPatches(hole)
    if reduction == .stride { return strided([foreground] + (background.map { [$0] } ?? []), valid) }
    return customVJP([foreground] + (background.map { [$0] } ?? [])) { pictures in
      rebuilt(pictures, valid)
    } rule: { cotangent, pictures, number in
      slope(cotangent, pictures, valid, of: number)
    }
  }

  /// For each foreground position, the background position with the largest weight, for visualization. Of equal weights
  /// the first counts.
  ///
  /// - Parameters: As for `callAsFunction`.
  /// - Returns: A map per sample over the positions of the downsampled input. With `reduction` `stride`, it is that of
  ///   the upper left pixel of each 2x2 square.
  package func argmaxMaps(_ foreground: Tensor, background: Tensor? = nil, hole: Tensor) -> [AttentionMap] {
    checkShapes(foreground, background, hole)
    let shape = foreground.shape
    let (height, width) = (shape[1] / 2, shape[2] / 2)
    let valid = Self.validPatches(hole)
    let pictures = [foreground.detached()] + (background.map { [$0.detached()] } ?? [])
    if reduction == .stride { return stridedMatches(pictures, valid) }
    let blocks = AttentionBlocks(shape, bytes: scoreBytes, matrices: 2)
    return blocks.samples.flatMap { samples in
      let scored = PatchScores(self, pictures.map { $0.samples(samples) }, valid.samples(samples))
      let parts = blocks.rows.map { scored.weights(of: Array($0)).indicesOfMaxima() }
      return (0..<samples.count).map { sample in
        let matches = parts.flatMap { part in
          part[part.count / samples.count * sample..<part.count / samples.count * (sample + 1)]
        }
        return AttentionMap(width: width, height: height, matches: matches[...])
      }
    }
  }

  private func rebuilt(_ pictures: [Tensor], _ valid: Tensor) -> Tensor {
    let blocks = AttentionBlocks(pictures[0].shape, bytes: scoreBytes, matrices: 2)
    let groups = blocks.samples.map { samples in
      let scored = PatchScores(self, pictures.map { $0.samples(samples) }, valid.samples(samples))
      let parts = blocks.rows.map { rows in
        // A 4x4 patch also covers pixels of the positions above and below.
        let reaching = Array(max(0, rows.lowerBound - 1)..<min(blocks.height, rows.upperBound + 1))
        return pastePatches(
          scored.weights(of: reaching), of: scored.background, kernel: 4, stride: 2, from: reaching, to: rows)
      }
      return joined(parts, axis: 1) / 4
    }
    return joined(groups, axis: 0)
  }

  /// The gradient of input `number`. As ⟨cotangent, paste(weights)⟩ = ⟨weights, comparison of the cotangent with the
  /// background⟩, the pasting is not recomputed.
  private func slope(_ cotangent: Tensor, _ pictures: [Tensor], _ valid: Tensor, of number: Int) -> Tensor {
    let blocks = AttentionBlocks(cotangent.shape, bytes: scoreBytes, matrices: 6)
    let groups = blocks.samples.map { samples in
      let pictures = pictures.map { $0.samples(samples) }
      let (valid, cotangent) = (valid.samples(samples), cotangent.samples(samples) / 4)
      let slopes = blocks.rows.map { rows in
        gradient(at: pictures[number]) { picture in
          var pictures = pictures
          pictures[number] = picture
          let scored = PatchScores(self, pictures, valid)
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

  /// The valid mask of keys: 1 for each 3x3 patch without missing pixels, 0 for others:
  /// [batch or 1, 1, height · width]. Padding counts as known.
  static func validPatches(_ hole: Tensor) -> Tensor {
    let missing = hole.detached().unfolded(kernel: 3, padding: Padding(1)).maximum(axes: [-1])
    return Tensor(missing.elements.map { $0 == 0 ? 1 : 0 }, shape: [missing.shape[0], 1, missing.shape[1]])
  }
}

extension Tensor {
  /// Slices the batch; a batch of 1 serves all samples.
  func samples(_ samples: Range<Int>) -> Tensor {
    samples.count == shape[0] || shape[0] == 1 ? self : sliced(axis: 0, samples)
  }
}

/// Concatenates the parts, without a copy if there is only one.
private func joined(_ parts: [Tensor], axis: Int) -> Tensor {
  parts.count == 1 ? parts[0] : concatenate(parts, axis: axis)
}
