/// A fill with patches of the known picture: exemplar-based completion (Wexler, Shechtman and Irani, "Space-Time
/// Completion of Video", 2007) with PatchMatch's search (Barnes et al., 2009).
///
/// From the coarsest level of a pyramid to the finest, it alternates between search and vote: it searches the most
/// similar source for each patch with a missing pixel, and computes the missing pixels anew from these sources. The
/// coarsest level starts from a harmonic fill. The result is a function of the picture, the hole and the seed.
package enum PatchFill {
  /// The side of a patch in pixels.
  package static var patchSide: Int { PatchLevel.side }

  /// A hole of at most this thickness is not halved again.
  private static let smallestThickness = 6
  /// Levels with fewer sources or shorter sides are not used.
  private static let fewestSources = 64
  private static let shortestSide = 16
  /// Rounds of search and vote at the coarsest level; each finer one has two less, and at least so many.
  private static let coarsestRounds = 12
  private static let fewestRounds = 3

  /// - Parameters:
  ///   - picture: The contents of the hole are ignored.
  ///   - threads: The maximum number of threads; the result does not depend on it.
  ///   - isCancelled: As in `ClassicalFill.fill`.
  /// - Returns: The picture with its hole filled; nil if no patch of it is known.
  /// - Precondition: The sizes agree.
  package static func fill(
    _ picture: Picture, hole: Hole, seed: UInt64, threads: Int, isCancelled: @Sendable () -> Bool = { false }
  ) -> Picture? {
    let finest = PatchLevel(picture.rgb(), hole: hole)
    guard !finest.sources.isEmpty, !finest.targets.isEmpty || finest.missing.isEmpty else { return nil }
    var levels = [finest]
    while let last = levels.last, last.hole.thickness(in: last.hole.bounds) > smallestThickness {
      let coarser = last.halved()
      guard min(coarser.width, coarser.height) >= shortestSide, coarser.sources.count >= fewestSources else { break }
      levels.append(coarser)
    }
    var coarser: (level: PatchLevel, field: PatchField)?
    for size in levels.indices.reversed() where !isCancelled() {
      var level = levels[size]
      var field: PatchField
      if let coarser {
        field = PatchField(level, from: coarser.field, of: coarser.level, seed: seed, size: size)
        // The upsampled colors, which remain where the coarser level has no match; its upsampled matches elsewhere.
        level.fillHole(from: coarser.level)
        level.vote(field, width: 1, threads: threads)
      } else {
        field = PatchField(level, seed: seed, size: size)
        level.fillHarmonically(isCancelled)
      }
      let rounds = max(fewestRounds, coarsestRounds - 2 * (levels.count - 1 - size))
      for round in 0..<rounds where !isCancelled() {
        for jump in round == 0 ? [8, 4, 2, 1] : [2, 1] {
          field.search(level, jump: jump, threads: threads, isCancelled: isCancelled)
        }
        // The last vote of all is narrow, for sharpness: means of many patches are blurred.
        level.vote(field, width: size == 0 && round == rounds - 1 ? 0.1 : 1, threads: threads)
      }
      coarser = (level, field)
    }
    guard let result = coarser?.level, !isCancelled() else { return picture }
    var filled = picture
    for pixel in result.missing {
      for channel in 0..<picture.channels {
        filled.pixels[pixel * picture.channels + channel] = result.pixels[pixel * PatchLevel.stride + channel]
      }
    }
    return filled
  }
}

extension PatchLevel {
  /// Fills the hole by nearest-neighbor upsampling of a level of half the size.
  fileprivate mutating func fillHole(from coarse: PatchLevel) {
    for pixel in missing {
      let (y, x) = pixel.quotientAndRemainder(dividingBy: width)
      let source = (y / 2 * coarse.width + x / 2) * Self.stride
      for channel in 0..<3 { pixels[pixel * Self.stride + channel] = coarse.pixels[source + channel] }
    }
  }

  /// Fills the hole harmonically, to start the coarsest level.
  fileprivate mutating func fillHarmonically(_ isCancelled: () -> Bool) {
    let cascade = LaplaceCascade(hole)
    for channel in 0..<3 {
      let solution = cascade.solution(tolerance: 1e-4, isCancelled: isCancelled) {
        Double(pixels[$0 * Self.stride + channel]) / 255
      }
      for (unknown, pixel) in cascade.pixels.enumerated() {
        pixels[pixel * Self.stride + channel] = PictureValues.level(solution[unknown])
      }
    }
  }
}
