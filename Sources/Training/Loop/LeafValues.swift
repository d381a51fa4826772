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

  private var row: ElementRow { ElementRow(counts: (gradients + statistics).map(\.count) + [numbers.count]) }

  var elementCount: Int { row.count }

  /// Copies some elements of the row.
  func copy(_ elements: Range<Int>, to target: UnsafeMutableBufferPointer<Scalar>) {
    row.copy(elements, to: target) { index, body in
      switch part(index) {
      case .gradient(let index): gradients[index].withElements(body)
      case .statistic(let index): statistics[index].withElements(body)
      case .numbers: numbers.withUnsafeBufferPointer(body)
      }
    }
  }

  /// Replaces some elements of the row, in place where nobody else has the tensors.
  mutating func replace(_ elements: Range<Int>, with source: UnsafeBufferPointer<Scalar>) {
    row.replace(elements, with: source) { index, body in
      switch part(index) {
      case .gradient(let index): gradients[index].withMutableElements(body)
      case .statistic(let index): statistics[index].withMutableElements(body)
      case .numbers: numbers.withUnsafeMutableBufferPointer { body($0) }
      }
    }
  }

  private enum Part {
    case gradient(Int)
    case statistic(Int)
    case numbers
  }

  private func part(_ index: Int) -> Part {
    if index < gradients.count { return .gradient(index) }
    let index = index - gradients.count
    return index < statistics.count ? .statistic(index) : .numbers
  }
}
