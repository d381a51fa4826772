extension Linear {
  /// The weights as a PyTorch module of this name keeps them.
  func portedWeights(named name: String) -> [PortedWeight] {
    [PortedWeight(name + ".weight", weight, .transposed)] + (bias.map { [PortedWeight(name + ".bias", $0)] } ?? [])
  }
}
