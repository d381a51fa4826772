/// A partial convolution's renormalization for missing pixels. Weights work only with the rule they were trained with.
package enum PartialConvolutionRule: String, CaseIterable, Sendable {
  /// As published (Liu et al., 2018, eq. 1 and 2): the sum over a window is divided by the fraction of it that is
  /// known, and an output pixel is known if anything in its window is.
  case paper
  /// NVIDIA's layer: the same for a binary `known`. For fractional values, the output is known to min(window's sum, 1).
  case nvidia
  /// naoto0804's port: the sum over a window is divided by the number of known values in it, not by their fraction, so
  /// that filters are larger by a factor of the number of values in a window.
  case naoto0804
}

/// The renormalization factor of each output pixel, and where the output is known, from the sums of `known` over the
/// windows.
///
/// - Parameters:
///   - full: The sum over a window that is known everywhere.
///   - sums, factors, known: `count` elements each.
package func partialConvolutionFactors(
  _ rule: PartialConvolutionRule, _ count: Int, full: Scalar, sums: Source, into factors: Destination,
  known: Destination
) {
  parallelRanges(count, grain: elementGrain) { range in
    switch rule {
    case .paper:
      for i in range {
        factors[i] = sums[i] > 0 ? full / sums[i] : 0
        known[i] = sums[i] > 0 ? 1 : 0
      }
    case .nvidia:
      for i in range {
        let part = sums[i] < 1 ? sums[i] : 1
        factors[i] = full / (sums[i] + 1e-8) * part
        known[i] = part
      }
    case .naoto0804:
      for i in range {
        factors[i] = sums[i] > 0 ? 1 / sums[i] : 0
        known[i] = sums[i] > 0 ? 1 : 0
      }
    }
  }
}

/// Sums over sliding windows along the middle axis of a [lines, count, step] array, with zero padding.
///
/// - Parameters:
///   - first: The index of the first window's first tap, negative in the padding.
///   - out: [lines, outputs, step].
package func windowSums(
  lines: Int, count: Int, step: Int, outputs: Int, from first: Int, kernel: Int, stride: Int, dilation: Int,
  _ x: Source, into out: Destination
) {
  parallelRanges(lines * outputs, grain: max(1, elementGrain / max(1, step * kernel))) { range in
    for window in range {
      let (line, output) = window.quotientAndRemainder(dividingBy: outputs)
      let sum = out + window * step
      for offset in 0..<step { sum[offset] = 0 }
      for tap in 0..<kernel {
        let position = first + output * stride + tap * dilation
        guard position >= 0, position < count else { continue }
        let values = x + (line * count + position) * step
        for offset in 0..<step { sum[offset] += values[offset] }
      }
    }
  }
}
