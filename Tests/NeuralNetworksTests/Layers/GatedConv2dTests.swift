import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct GatedConv2dTests {
  private func layer(
    kernel: Int = 3, activation: Activation, upsampling: Int = 1
  ) -> GatedConv2d {
    GatedConv2d(
      inputChannels: 2, outputChannels: 2, kernel: kernel, padding: .tensorflowSame,
      activation: activation, upsampling: upsampling, initialization: Initialization(seed: 5))
  }

  @Test(arguments: [Activation.elu, .relu])
  func `the first half is the feature, the second the gate`(_ activation: Activation) {
    let conv = layer(kernel: 1, activation: activation)
    conv.weight.assign(.zeros([1, 1, 2, 4]))
    conv.bias.assign(Tensor([2, -1, 0, 3], shape: [4]))
    let y = conv(.ones([1, 1, 1, 2])).elements.map { Double($0) }
    #expect(abs(y[0] - 2 * 0.5) < 1e-6)
    let negative = activation == .elu ? -0.632_120_558_8 : 0
    #expect(abs(y[1] - negative * 0.952_574_126_8) < 1e-6)
  }

  @Test func `upsampling repeats pixels before the convolution`() {
    let conv = layer(activation: .elu, upsampling: 2)
    let plain = layer(activation: .elu)
    let x = Tensor.noise("x", [1, 2, 3, 2])
    let y = conv(x)
    #expect(y.shape == [1, 4, 6, 2])
    let repeated = Tensor(shape: [1, 4, 6, 2]) { out in
      for row in 0..<4 {
        for column in 0..<6 {
          for channel in 0..<2 {
            out[(row * 6 + column) * 2 + channel] = x.elements[(row / 2 * 3 + column / 2) * 2 + channel]
          }
        }
      }
    }
    #expect(y.largestDifference(from: plain(repeated)) < 1e-5)
  }
}
