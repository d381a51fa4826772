/// A partial convolution's compensation for what is missing. Files of weights suit one rule only.
package enum PartialConvolutionRule: String, CaseIterable, Sendable {
  /// As published (Liu et al., 2018, eq. 1 and 2): a window's sum is divided by the part of it that is known, and a pixel
  /// with anything known in its window is known.
  case paper
  /// NVIDIA's layer: the same, but where known is between 0 and 1, the result is known to the window's sum of it at most.
  case nvidia
  /// naoto0804's port: a window's sum is divided by the number of known values in it, not by their part, so that filters
  /// are so many times as large as a window has values.
  case naoto0804
}

/// The factors of windows' products, and where the result is known, from the sums of known over the windows.
///
/// - Parameters:
///   - full: The sum of a window that is known everywhere.
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

/// Sums over windows along the middle axis of a lines x count x step array; what lies outside counts as 0.
///
/// - Parameters:
///   - first: The position of the first window's first tap, negative where there is padding.
///   - out: lines x outputs x step.
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
