extension Conv2d {
  /// The weights as a PyTorch module of this name keeps them. What a spectral norm remembers is called `u0`, as in
  /// BigGAN's port.
  func portedWeights(named name: String) -> [PortedWeight] {
    [PortedWeight(name + ".weight", weight, .outputsFirst)]
      + (bias.map { [PortedWeight(name + ".bias", $0)] } ?? [])
      + (spectralNorm.map { [PortedWeight(name + ".u0", $0.u)] } ?? [])
  }
}

extension BatchNorm2d {
  /// The weights and the running statistics as a PyTorch module of this name keeps them.
  func portedWeights(named name: String) -> [PortedWeight] {
    [
      PortedWeight(name + ".weight", weight!), PortedWeight(name + ".bias", bias!),
      PortedWeight(name + ".running_mean", runningMean), PortedWeight(name + ".running_var", runningVariance),
    ]
  }
}
