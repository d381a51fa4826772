import InpaintingModels
package import Tensors

/// The values of a leaf, or of several together, over which a step takes the mean.
package struct LeafValues {
  /// The gradients of a network's parameters.
  package var gradients: [Tensor] = []
  /// The values that buffers that follow the samples were left with.
  package var statistics: [Tensor] = []
  /// Loss terms, or other numbers.
  package var numbers: [Scalar] = []

  /// Each with its counterpart.
  static func + (left: LeafValues, right: LeafValues) -> LeafValues {
    precondition(
      left.gradients.count == right.gradients.count && left.statistics.count == right.statistics.count
        && left.numbers.count == right.numbers.count, "LeafValues: two leaves have different numbers of values")
    var sum = left
    // One by one, so that the old sum goes as the new one comes.
    for index in sum.gradients.indices { sum.gradients[index] = sum.gradients[index] + right.gradients[index] }
    for index in sum.statistics.indices { sum.statistics[index] = sum.statistics[index] + right.statistics[index] }
    for index in sum.numbers.indices { sum.numbers[index] += right.numbers[index] }
    return sum
  }

  static func / (sum: LeafValues, count: Int) -> LeafValues {
    var mean = sum
    let divisor = Scalar(count)
    for index in mean.gradients.indices { mean.gradients[index] = mean.gradients[index] / divisor }
    for index in mean.statistics.indices { mean.statistics[index] = mean.statistics[index] / divisor }
    for index in mean.numbers.indices { mean.numbers[index] /= divisor }
    return mean
  }
  // MARK: As one row of elements: those of the gradients, of the statistics, then the numbers.

  var elementCount: Int { (gradients + statistics).reduce(numbers.count) { $0 + $1.count } }

  /// Copies some elements of the row.
  func copy(_ elements: Range<Int>, to target: UnsafeMutableBufferPointer<Scalar>) {
    forEachPart(of: elements) { part, own, place in
      let target = UnsafeMutableBufferPointer(rebasing: target[place])
      func copy(_ source: UnsafeBufferPointer<Scalar>) {
        _ = target.update(fromContentsOf: UnsafeBufferPointer(rebasing: source[own]))
      }
      switch part {
      case .gradient(let index): gradients[index].withElements(copy)
      case .statistic(let index): statistics[index].withElements(copy)
      case .numbers: numbers.withUnsafeBufferPointer(copy)
      }
    }
  }

  /// Replaces some elements of the row, in place where nobody else has the tensors.
  mutating func replace(_ elements: Range<Int>, with source: UnsafeBufferPointer<Scalar>) {
    var replacements: [(part: Part, own: Range<Int>, place: Range<Int>)] = []
    forEachPart(of: elements) { replacements.append(($0, $1, $2)) }
    for (part, own, place) in replacements {
      func replace(_ target: UnsafeMutableBufferPointer<Scalar>) {
        _ = UnsafeMutableBufferPointer(rebasing: target[own])
          .update(fromContentsOf: UnsafeBufferPointer(rebasing: source[place]))
      }
      switch part {
      case .gradient(let index): gradients[index].withMutableElements(replace)
      case .statistic(let index): statistics[index].withMutableElements(replace)
      case .numbers: numbers.withUnsafeMutableBufferPointer { replace($0) }
      }
    }
  }

  private enum Part {
    case gradient(Int)
    case statistic(Int)
    case numbers
  }

  /// Calls `body` with every part that has some of the elements: which of its own they are, and their place among those asked
  /// for.
  private func forEachPart(
    of elements: Range<Int>, _ body: (_ part: Part, _ own: Range<Int>, _ place: Range<Int>) -> Void
  ) {
    let parts =
      gradients.indices.map { (Part.gradient($0), gradients[$0].count) }
      + statistics.indices.map { (Part.statistic($0), statistics[$0].count) } + [(Part.numbers, numbers.count)]
    var start = 0
    for (part, count) in parts {
      let common = elements.clamped(to: start..<start + count)
      if !common.isEmpty {
        body(
          part, common.lowerBound - start..<common.upperBound - start,
          common.lowerBound - elements.lowerBound..<common.upperBound - elements.lowerBound)
      }
      start += count
    }
  }
}
