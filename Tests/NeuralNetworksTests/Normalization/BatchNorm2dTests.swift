import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct BatchNorm2dTests {
  private let x = Tensor.noise("x", [2, 3, 4, 2]) * Tensor([1, 3], shape: [2]) + Tensor([5, -1], shape: [2])

  private func layer() -> BatchNorm2d {
    let layer = BatchNorm2d(channels: 2)
    layer.weight?.assign(Tensor([2, 0.5], shape: [2]))
    layer.bias?.assign(Tensor([1, -1], shape: [2]))
    return layer
  }

  /// The mean and the variance of a channel, divided by the number of pixels less `correction`.
  private func moments(_ channel: Int, correction: Int = 0) -> (mean: Double, variance: Double) {
    let values = x.elements.enumerated().filter { $0.offset % 2 == channel }.map { Double($0.element) }
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count - correction))
  }

  @Test func `in training a channel gets the scale and the shift as deviation and mean`() {
    let y = layer()(x)
    for (channel, (deviation, mean)) in [(2.0, 1.0), (0.5, -1.0)].enumerated() {
      let (own, variance) = moments(channel)
      let expected = x.elements.enumerated().filter { $0.offset % 2 == channel }.map {
        Scalar((Double($0.element) - own) / (variance + 1e-5).squareRoot() * deviation + mean)
      }
      let found = y.elements.enumerated().filter { $0.offset % 2 == channel }.map(\.element)
      #expect(largestDifference(found, expected) < tolerance(1e-5, 1e-12))
    }
  }

  @Test func `running statistics go a tenth of the way, the variance unbiased`() {
    let layer = layer()
    _ = layer(x)
    for channel in 0..<2 {
      let (mean, variance) = moments(channel, correction: 1)
      #expect(abs(Double(layer.runningMean.value[channel]) - 0.1 * mean) < 1e-5)
      #expect(abs(Double(layer.runningVariance.value[channel]) - (0.9 + 0.1 * variance)) < 1e-5)
    }
  }

  @Test func `another momentum is another part of the way`() {
    let layer = BatchNorm2d(channels: 2, momentum: 0.01)
    _ = layer(x)
    let (mean, variance) = moments(1, correction: 1)
    #expect(abs(Double(layer.runningMean.value[1]) - 0.01 * mean) < 1e-6)
    #expect(abs(Double(layer.runningVariance.value[1]) - (0.99 + 0.01 * variance)) < 1e-6)
  }

  @Test func `a single pixel leaves finite statistics`() {
    let layer = layer()
    #expect(layer(.ones([1, 1, 1, 2])).elements == [1, -1])
    #expect(layer.runningVariance.value.elements == [0.9, 0.9])
  }

  @Test func `in use the running statistics count, and stay`() {
    let layer = layer()
    for _ in 0..<300 { _ = layer(x) }
    layer.setTraining(false)
    let kept = layer.namedBuffers.map(\.buffer.value.elements)
    let (mean, variance) = moments(0, correction: 1)
    let found = layer(Tensor([3, 0], shape: [1, 1, 1, 2]))[0, 0, 0, 0]
    #expect(abs(Double(found) - ((3 - mean) / (variance + 1e-5).squareRoot() * 2 + 1)) < tolerance(1e-3, 1e-9))
    #expect(layer.namedBuffers.map(\.buffer.value.elements) == kept)
  }

  @Test(arguments: [BatchNorm2d.Freezing.statistics, .everything])
  func `frozen statistics are used in training and stay`(_ freezing: BatchNorm2d.Freezing) {
    let layer = layer()
    _ = layer(x)
    let kept = layer.namedBuffers.map(\.buffer.value.elements)
    layer.freezing = freezing
    layer.setTraining(false)
    let used = layer(x)
    layer.setTraining(true)
    let (value, slopes) = valueWithGradient(at: layer.parameters) { square(layer(x)).sum() }
    #expect(abs(value.scalar - square(used).sum().scalar) < 1e-3)
    #expect(layer.namedBuffers.map(\.buffer.value.elements) == kept)
    let areZero = slopes.allSatisfy { $0.elements.allSatisfy { $0 == 0 } }
    #expect(areZero == (freezing == .everything))
  }

  @Test func `in a checkpoint the running statistics advance once, and gradients are the same`() {
    func step(_ layer: BatchNorm2d, _ function: @escaping (Tensor) -> Tensor) -> [[Scalar]] {
      valueWithGradient(at: layer.parameters) { (function(x) * .wave(x.shape)).sum() }.gradient.map(\.elements)
        + layer.namedBuffers.map(\.buffer.value.elements)
    }
    let (kept, again) = (layer(), layer())
    let expected = step(kept) { kept($0) }
    let found = step(again) { checkpoint($0, at: again.parameters) { again($0) } }
    #expect(found == expected)
  }

  @Test(arguments: [BatchNorm2d.Freezing.nothing, .statistics], [Activation.relu, .elu, .tanh])
  func `an activation follows, whatever is normalized by`(_ freezing: BatchNorm2d.Freezing, _ activation: Activation) {
    func normalized(_ activation: Activation) -> Tensor {
      let layer = BatchNorm2d(channels: 2, activation: activation)
      layer.freezing = freezing
      return layer(x)
    }
    #expect(normalized(activation).elements == activation(normalized(.identity)).elements)
  }

  @Test func `names in checkpoints`() {
    #expect(layer().namedParameters.map(\.name) == ["weight", "bias"])
    #expect(layer().namedBuffers.map(\.name) == ["runningMean", "runningVariance"])
  }
}
