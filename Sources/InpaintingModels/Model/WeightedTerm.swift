import Tensors

/// A part of a loss that is computed only if it counts.
struct WeightedTerm {
  let name: String
  let weight: Double
  let value: () -> Tensor

  init(_ name: String, _ weight: Double, _ value: @escaping () -> Tensor) {
    self.name = name
    self.weight = weight
    self.value = value
  }
}

extension [WeightedTerm] {
  /// The sum of the terms that have a weight, each times its own, and their values.
  ///
  /// - Parameter first: What they are added to.
  func weightedSum(after first: Tensor) -> (total: Tensor, terms: [LossTerm]) {
    var (total, terms) = (first, [LossTerm]())
    for term in self where term.weight > 0 {
      let value = term.value()
      total = total + value * Scalar(term.weight)
      terms.append(LossTerm(term.name, value))
    }
    return (total, terms)
  }
}
