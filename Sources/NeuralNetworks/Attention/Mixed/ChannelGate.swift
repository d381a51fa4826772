import Tensors

/// The channel half of CBAM: sigmoid(MLP(means of the channels) + MLP(largest of the channels)), where both go through
/// the same two dense layers (Woo et al., 2018, eq. 2).
package final class ChannelGate: Module {
  /// From the channels to fewer numbers.
  package let squeeze: Linear
  /// Back to one number a channel.
  package let excitation: Linear

  init(channels: Int, reduction: Int, initialization: Initialization) {
    let hidden = max(1, channels / reduction)
    squeeze = Linear(
      inputs: channels, outputs: hidden, activation: .relu, initialization: initialization["squeeze"])
    excitation = Linear(inputs: hidden, outputs: channels, initialization: initialization["excitation"])
  }

  /// - Parameter x: [batch, height, width, channels].
  /// - Returns: Between 0 and 1, [batch, 1, 1, channels].
  func weights(of x: Tensor) -> Tensor {
    let means = x.mean(axes: [1, 2])
    let largest = x.maxPool(kernelHeight: x.shape[1], kernelWidth: x.shape[2])
    return sigmoid(means.through(squeeze, excitation) + largest.through(squeeze, excitation))
  }

  /// The dense layers, each twice.
  var multiplyAdds: Int { 4 * squeeze.weight.shape.elementCount }

  func portedWeights(named name: String) -> [PortedWeight] {
    squeeze.portedWeights(named: name + ".mlp.1") + excitation.portedWeights(named: name + ".mlp.3")
  }
}
