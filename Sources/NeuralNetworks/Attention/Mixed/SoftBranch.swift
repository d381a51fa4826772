import Tensors

/// The branch of `ResidualAttention` that makes the weights: the picture is halved some times, seen through residual
/// units, and enlarged again (Wang et al., 2017, section 3.1 and figure 3).
///
/// Halving takes the largest of each 3x3 window with stride 2 and padding 1, so that a level has half of the positions
/// of the one above, rounded up. A unit follows on each level, two on the lowest; on the way back each level's features
/// are enlarged to the size of the next, where they are added to what a unit made of it on the way down, and go through
/// one more unit. Two 1x1 convolutions without bias, each after batch normalization and a ReLU, end the branch.
package final class SoftBranch: AttentionLayer {
  /// The units on the way down, the lowest level's left out.
  package let down: [PreActivationUnit]
  /// The units that the results of `down` go through before they are added on the way back.
  package let skips: [PreActivationUnit]
  /// The two units on the lowest level.
  package let bottom: [PreActivationUnit]
  /// The units on the way back, the lower first.
  package let up: [PreActivationUnit]
  package let normalization1: BatchNorm2d
  package let convolution1: Conv2d
  package let normalization2: BatchNorm2d
  package let convolution2: Conv2d
  private let activation: AttentionActivation
  private let interpolation: BilinearRule

  init(channels: Int, options: ResidualAttention.Options, initialization: Initialization) {
    func units(_ count: Int, _ name: String) -> [PreActivationUnit] {
      (0..<count).map { PreActivationUnit(channels: channels, initialization: initialization["\(name).\($0)"]) }
    }
    func convolution(_ name: String) -> Conv2d {
      Conv2d(
        inputChannels: channels, outputChannels: channels, kernel: 1, bias: false, initialization: initialization[name])
    }
    activation = options.activation
    interpolation = options.interpolation
    down = units(options.downLevels - 1, "down")
    skips = units(options.downLevels - 1, "skips")
    bottom = units(2, "bottom")
    up = units(options.downLevels - 1, "up")
    normalization1 = BatchNorm2d(channels: channels)
    convolution1 = convolution("convolution1")
    normalization2 = BatchNorm2d(channels: channels)
    convolution2 = convolution("convolution2")
  }

  /// - Parameter x: [batch, height, width, channels].
  /// - Returns: The weights, of the same shape.
  package func callAsFunction(_ x: Tensor) -> Tensor {
    var levels: [Tensor] = []
    var features = x
    for unit in down {
      features = unit(halved(features))
      levels.append(features)
    }
    features = halved(features).through(bottom[0], bottom[1])
    for (unit, number) in zip(up, levels.indices.reversed()) {
      features = unit(enlarged(features, to: levels[number]) + skips[number](levels[number]))
    }
    features = convolution1(relu(normalization1(enlarged(features, to: x))))
    return activation(convolution2(relu(normalization2(features))))
  }

  private func halved(_ x: Tensor) -> Tensor { x.maxPool(kernel: 3, stride: 2, padding: Padding(1)) }

  private func enlarged(_ x: Tensor, to level: Tensor) -> Tensor {
    x.resizedBilinear(height: level.shape[1], width: level.shape[2], rule: interpolation)
  }

  package func multiplyAdds(height: Int, width: Int) -> Int {
    var (rows, columns) = (height, width)
    func halve() { (rows, columns) = ((rows + 1) / 2, (columns + 1) / 2) }
    func count(_ units: [PreActivationUnit]) -> Int {
      units.reduce(0) { $0 + $1.multiplyAdds(height: rows, width: columns) }
    }
    var total = 2 * convolution1.weight.shape.elementCount * height * width
    for number in down.indices {
      halve()
      total += count([down[number], skips[number], up[number]])
    }
    halve()
    return total + count(bottom)
  }

  /// In the order of the PyTorch port (tengshaofeng), which counts its groups of units.
  var portedWeights: [PortedWeight] {
    let levels = down.count + 1
    let ways = down.indices.flatMap { number in
      down[number].portedWeights(named: "softmax\(number + 1)_blocks")
        + skips[number].portedWeights(named: "skip\(number + 1)_connection_residual_block")
    }
    let lowest = bottom.enumerated().flatMap { $1.portedWeights(named: "softmax\(levels)_blocks.\($0)") }
    let returns = up.enumerated().flatMap { $1.portedWeights(named: "softmax\(levels + 1 + $0)_blocks") }
    let end = "softmax\(2 * levels)_blocks"
    return ways + lowest + returns + normalization1.portedWeights(named: end + ".0")
      + convolution1.portedWeights(named: end + ".2") + normalization2.portedWeights(named: end + ".3")
      + convolution2.portedWeights(named: end + ".5")
  }
}
