/// Fills a hole with patches of the known picture: exemplar-based completion (Wexler, Shechtman and Irani, "Space-Time
/// Completion of Video", 2007) with PatchMatch's search (Barnes et al., 2009).
///
/// From the coarsest size of a pyramid to the finest it looks in turn for the source that resembles each patch around a
/// missing pixel most, and makes the missing pixels anew of these sources. The coarsest size starts from a harmonic filling.
/// All numbers are a function of the picture, the hole and the seed.
package enum PatchFill {
  /// The side of a patch in pixels.
  package static var patchSide: Int { PatchLevel.side }

  /// A hole that is no thicker at some size is not halved again.
  private static let smallestThickness = 6
  /// Levels of fewer sources or shorter sides do not take part.
  private static let fewestSources = 64
  private static let shortestSide = 16
  /// Rounds of search and vote at the coarsest level; each finer one has two less, and at least so many.
  private static let coarsestRounds = 12
  private static let fewestRounds = 3

  /// - Parameters:
  ///   - picture: What it shows in the hole plays no part.
  ///   - threads: The most threads that compute; the result does not depend on it.
  ///   - isCancelled: As of `ClassicalFill.fill`.
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
        // Colors where the coarser level had none missing, or nothing to tell, and its sources everywhere else.
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
        // The last vote of all is for sharpness: means of many patches are blurred.
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
  /// Gives each missing pixel the color that covers it in a level of half the size.
  fileprivate mutating func fillHole(from coarse: PatchLevel) {
    for pixel in missing {
      let (y, x) = pixel.quotientAndRemainder(dividingBy: width)
      let source = (y / 2 * coarse.width + x / 2) * Self.stride
      for channel in 0..<3 { pixels[pixel * Self.stride + channel] = coarse.pixels[source + channel] }
    }
  }

  /// The start of the coarsest level.
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
