/// For every pixel of a resized line, the source pixels it is mixed from and their weights in fixed point.
///
/// When a picture shrinks, the filter is stretched by the same factor (antialiasing): every source pixel then counts.
struct ResamplingWeights {
  /// Weights are multiples of 2^-22: a sum of 8-bit values times weights whose magnitudes add up to less than 2 fits
  /// 32 bits.
  static let fractionBits: Int32 = 22

  /// For each target pixel, the first source pixel and how many follow one another.
  let spans: [(first: Int, count: Int)]
  /// The weights, `stride` a target pixel; those behind a span's count are zero. Each pixel's add up to one, within
  /// rounding: at the edges, what would fall outside is shared among the rest.
  let weights: [Int32]
  let stride: Int

  /// - Parameters:
  ///   - sourceLength: Pixels of a line, or rows of a picture, before; positive.
  ///   - targetLength: The same afterwards; positive.
  init(from sourceLength: Int, to targetLength: Int, filter: ResamplingFilter) {
    let scale = Double(sourceLength) / Double(targetLength)
    if filter == .nearest {
      spans = (0..<targetLength).map { (min(Int((Double($0) + 0.5) * scale), sourceLength - 1), 1) }
      weights = [Int32](repeating: 1 << Self.fractionBits, count: targetLength)
      stride = 1
      return
    }
    let stretch = max(scale, 1)
    let support = filter.radius * stretch
    let stride = 2 * Int(support.rounded(.up)) + 1
    var spans = [(first: Int, count: Int)]()
    var weights = [Int32](repeating: 0, count: targetLength * stride)
    for target in 0..<targetLength {
      let center = (Double(target) + 0.5) * scale
      let first = max(Int(center - support + 0.5), 0)
      let last = min(Int(center + support + 0.5), sourceLength)
      let values = (first..<last).map { filter.weight(at: (Double($0) - center + 0.5) / stretch) }
      let sum = values.reduce(0, +)
      for (index, value) in values.enumerated() {
        let fixed = value / sum * Double(1 << Self.fractionBits)
        weights[target * stride + index] = Int32(fixed.rounded())
      }
      spans.append((first, values.count))
    }
    self.spans = spans
    self.weights = weights
    self.stride = stride
  }
}
