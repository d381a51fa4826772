import Support

/// A classical fill, which needs no weights, of pictures of any size. Raw values are the names in options.
public enum ClassicalFill: String, CaseIterable, Sendable {
  /// The solution of Laplace's equation in the hole, with the known pixels as boundary condition.
  case harmonic
  /// Fast marching from the boundary inwards (Telea, 2004).
  case telea
  /// Patches of the known picture: exemplar-based completion with PatchMatch (Wexler et al., 2007; Barnes et al.,
  /// 2009).
  case patches

  /// The tolerance of the residuals of Laplace's equations, in units of the range from black to white. In a hole a
  /// thousand pixels wide the error is a few levels of 255 at worst, if all residuals have the same sign.
  private static let tolerance = 1e-7

  /// Fills a hole in place. Known pixels, alpha and metadata stay as they are, and the contents of the hole are
  /// ignored. If nothing is known, everything becomes mid-gray.
  ///
  /// Parts of the hole that are far enough apart are filled one by one, so that time and memory depend on the hole and
  /// not on the picture.
  ///
  /// - Parameters:
  ///   - seed: The seed of `patches`; the others use no random numbers.
  ///   - threads: The maximum number of threads; the result does not depend on it.
  ///   - isCancelled: Polled at least once per iteration, on any of the threads. Once it returns true, the contents of
  ///     the hole are undefined.
  ///   - progress: Called before each part with its index and their number.
  /// - Precondition: The sizes agree.
  package func fill(
    _ picture: inout Picture, hole: Hole, seed: UInt64 = 0, threads: Int,
    isCancelled: @Sendable () -> Bool = { false }, progress: (_ part: Int, _ count: Int) -> Void = { _, _ in }
  ) {
    precondition(
      (picture.width, picture.height) == (hole.width, hole.height),
      "ClassicalFill.fill: a hole of \(hole.width)x\(hole.height) in a picture of \(picture.width)x\(picture.height)")
    let parts = parts(of: hole)
    for (index, part) in parts.enumerated() {
      guard !isCancelled() else { return }
      progress(index, parts.count)
      let (missing, view) = (hole.cropped(to: part), picture.cropped(to: part))
      let pixels = missing.values.indices.filter { missing.values[$0] != 0 }
      let levels =
        missing.coversEverything
        ? [UInt8](repeating: PictureValues.level(0.5), count: pixels.count * view.channels)
        : levels(of: pixels, in: view, hole: missing, seed: seed, threads: threads, isCancelled: isCancelled)
      picture.replace(pixels, of: part, by: levels)
    }
  }

  /// The peak memory in bytes of filling a hole, besides the picture and its hole.
  package func workingBytes(for hole: Hole) -> Int {
    parts(of: hole).map { part in
      let area = part.width * part.height
      switch self {
      // The crop, the indices of the unknowns, and a coarser plane a channel.
      case .harmonic: return area * 20 + missingCount(of: hole, in: part) * 200
      // Three channels in double precision twice, the distances of both sides, and the flags.
      case .telea: return area * 90 + missingCount(of: hole, in: part) * 40
      // The crop, a pyramid of four bytes a pixel and a third more, the sources, the targets' indices, flags and
      // distances.
      case .patches: return area * 40 + missingCount(of: hole, in: part) * 120
      }
    }.max() ?? 0
  }

  private static let smallestMargin = 64

  private func missingCount(of hole: Hole, in part: PixelRectangle) -> Int {
    hole.missingCounts(ofRowsIn: part).reduce(0, +)
  }

  /// The width in pixels of the context that a part of the hole is filled from.
  private func margin(of box: PixelRectangle) -> Int {
    switch self {
    // One pixel is enough for Laplace's equations, and three times the radius for fast marching; more merge small
    // parts.
    case .harmonic, .telea: Self.smallestMargin
    // Patches come from an area nine times as large as the hole's.
    case .patches: max(box.longerSide, Self.smallestMargin)
    }
  }

  /// Disjoint rectangles with all missing pixels and the context that they are filled from.
  private func parts(of hole: Hole) -> [PixelRectangle] {
    func view(_ box: PixelRectangle) -> PixelRectangle { box.expanded(by: margin(of: box), in: hole.bounds) }
    return HoleComponents(of: hole).merged(view: view).map(view)
  }

  /// The fill of a hole's missing pixels: 8-bit values, channels interleaved.
  private func levels(
    of pixels: [Int], in picture: Picture, hole: Hole, seed: UInt64, threads: Int, isCancelled: @Sendable () -> Bool
  ) -> [UInt8] {
    let channels = picture.channels
    switch self {
    case .harmonic:
      let cascade = LaplaceCascade(hole)
      let solutions = concurrentMap(count: channels, threads: threads) { channel in
        cascade.solution(tolerance: Self.tolerance, isCancelled: isCancelled) {
          Double(picture.pixels[$0 * channels + channel]) / 255
        }
      }
      return pixels.indices.flatMap { unknown in solutions.map { PictureValues.level($0[unknown]) } }
    case .telea:
      let filled = FastMarchingFill.fill(PictureValues(picture), hole: hole, isCancelled: isCancelled)
      return pixels.flatMap { filled.values[$0 * channels..<($0 + 1) * channels].map(PictureValues.level) }
    case .patches:
      guard
        let filled = PatchFill.fill(picture, hole: hole, seed: seed, threads: threads, isCancelled: isCancelled)
      else {
        // No patch is known as a whole.
        return Self.harmonic.levels(
          of: pixels, in: picture, hole: hole, seed: seed, threads: threads, isCancelled: isCancelled)
      }
      return pixels.flatMap { filled.pixels[$0 * channels..<($0 + 1) * channels] }
    }
  }
}

extension Picture {
  /// Replaces some pixels of a part.
  ///
  /// - Parameters:
  ///   - positions: The pixels, by their indices in the part.
  ///   - levels: Their 8-bit values, channels interleaved.
  mutating func replace(_ positions: [Int], of part: PixelRectangle, by levels: [UInt8]) {
    for (number, position) in positions.enumerated() {
      let (y, x) = position.quotientAndRemainder(dividingBy: part.width)
      let first = ((part.y + y) * width + part.x + x) * channels
      for channel in 0..<channels { pixels[first + channel] = levels[number * channels + channel] }
    }
  }
}
