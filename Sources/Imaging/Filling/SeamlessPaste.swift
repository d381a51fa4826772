import Support

/// The methods of pasting a network's prediction into a hole.
public enum Pasting: String, CaseIterable, Sendable {
  /// The prediction as it is.
  case plain
  /// The prediction, corrected by its difference at the hole's rim, which is continued smoothly inwards.
  case seamless
}

/// Puts a prediction into a hole so that no seam shows, as in seamless cloning (Pérez et al., 2003): the difference
/// between the known pixels and the prediction around the hole is continued into it, and added to the prediction there.
///
/// The correction d solves Δd = (d − m) / l² with the differences at the rim as boundary condition: it equals them
/// there, and decays over the length l to their mean m around that part of the hole. An infinite length gives the
/// membrane interpolant. Differences are averaged along the normal, see `BoundaryBand`, so that texture does not streak.
package enum SeamlessPaste {
  /// The minimum decay length in pixels.
  private static let shortestLength = 4.0
  /// Parts of the hole that are nearer than twice so many pixels are treated as one.
  private static let separation = 64
  /// The tolerance of the residuals, in levels of 255. It would let low-frequency errors through, but those are removed
  /// on the coarse grids.
  private static let tolerance = 1e-2

  /// A picture with a prediction in its hole.
  ///
  /// - Parameters:
  ///   - prediction: The whole picture as a network predicts it, known pixels too.
  ///   - known: The picture; the contents of its hole are ignored.
  ///   - decayLength: In pixels; infinite for a membrane, nil for a quarter of the width of each part of the hole.
  ///   - threads: The maximum number of threads; the result does not depend on it.
  ///   - isCancelled: As in `ClassicalFill.fill`.
  /// - Returns: The known pixels, alpha and metadata as they are, and the corrected prediction in the hole.
  /// - Precondition: All sizes agree.
  package static func paste(
    _ prediction: Picture, into known: Picture, hole: Hole, decayLength: Double? = nil, threads: Int,
    isCancelled: @Sendable () -> Bool = { false }
  ) -> Picture {
    precondition(
      [prediction.width, prediction.height, prediction.channels] == [known.width, known.height, known.channels]
        && (hole.width, hole.height) == (known.width, known.height),
      "SeamlessPaste.paste: the prediction, the picture and the hole must have the same size")
    var pasted = known
    let boxes = HoleComponents(of: hole).merged { $0.expanded(by: separation, in: hole.bounds) }
    for box in boxes {
      guard !isCancelled() else { break }
      let part = box.expanded(by: BoundaryBand.reach, in: hole.bounds)
      let missing = hole.cropped(to: part)
      let (predicted, original) = (prediction.cropped(to: part), known.cropped(to: part))
      let width = Double(missing.thickness(in: missing.bounds))
      let length = decayLength ?? Double.maximum(width / 4, shortestLength)
      let corrections = corrections(
        of: predicted, toMeet: original, BoundaryBand(missing), screening: 1 / (length * length), threads: threads,
        isCancelled: isCancelled)
      let pixels = missing.values.indices.filter { missing.values[$0] != 0 }
      let levels = pixels.flatMap { pixel in
        (0..<known.channels).map { channel in
          let level = Double(predicted.pixels[pixel * known.channels + channel]) + corrections[channel][pixel]
          return UInt8(Double.minimum(Double.maximum(level, 0), 255).rounded())
        }
      }
      pasted.replace(pixels, of: part, by: levels)
    }
    return pasted
  }

  /// The corrections of the prediction: for each channel a raster of levels, 0 outside of the collar's domain, and
  /// everywhere if nothing is known.
  private static func corrections(
    of prediction: Picture, toMeet known: Picture, _ collar: BoundaryBand, screening: Double, threads: Int,
    isCancelled: @Sendable () -> Bool
  ) -> [[Double]] {
    let (count, channels) = (known.width * known.height, known.channels)
    guard !collar.domain.coversEverything else {
      return [[Double]](repeating: [Double](repeating: 0, count: count), count: channels)
    }
    let cascade = LaplaceCascade(collar.domain, screening: screening)
    let components = collar.components(ofPixels: cascade.pixels)
    return concurrentMap(count: channels, threads: threads) { channel in
      let rim = collar.rimValues { pixel in
        Double(known.pixels[pixel * channels + channel]) - Double(prediction.pixels[pixel * channels + channel])
      }
      let means = components.means(of: rim)
      let ends = components.numbers.map { means[$0] }
      let solution = cascade.solution(
        tolerance: tolerance, ends: ends, isCancelled: isCancelled, known: { rim[$0] })
      var raster = [Double](repeating: 0, count: count)
      for (unknown, pixel) in cascade.pixels.enumerated() { raster[pixel] = solution[unknown] }
      return raster
    }
  }
}
