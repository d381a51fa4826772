import NeuralNetworks
import Tensors

extension DeepFillV1 {
  /// The first stage: a blurred guess from the known pixels (Yu et al., 2018, figure 2, left).
  ///
  /// Input [batch, height, width, 5]; output [batch, height, width, 3] in −1...1. Properties have the names of the
  /// authors' layers.
  package final class CoarseNetwork: Layer {
    let conv1, conv2, conv3, conv4, conv5, conv6: Conv2d
    let conv7, conv8, conv9, conv10, conv11, conv12: Conv2d
    let conv13, conv14, conv15, conv16, conv17: Conv2d

    package init(_ configuration: DeepFillV1Configuration, initialization: Initialization) {
      let width = configuration.width
      let layer = DeepFillV1Layers(configuration, initialization: initialization)
      conv1 = layer("conv1", from: 5, to: width, kernel: 5)
      conv2 = layer("conv2", from: width, to: 2 * width, stride: 2)
      conv3 = layer("conv3", from: 2 * width, to: 2 * width)
      conv4 = layer("conv4", from: 2 * width, to: 4 * width, stride: 2)
      conv5 = layer("conv5", from: 4 * width, to: 4 * width)
      conv6 = layer("conv6", from: 4 * width, to: 4 * width)
      conv7 = layer("conv7", from: 4 * width, to: 4 * width, dilation: 2)
      conv8 = layer("conv8", from: 4 * width, to: 4 * width, dilation: 4)
      conv9 = layer("conv9", from: 4 * width, to: 4 * width, dilation: 8)
      conv10 = layer("conv10", from: 4 * width, to: 4 * width, dilation: 16)
      conv11 = layer("conv11", from: 4 * width, to: 4 * width)
      conv12 = layer("conv12", from: 4 * width, to: 4 * width)
      conv13 = layer("conv13", from: 4 * width, to: 2 * width, upsampling: 2)
      conv14 = layer("conv14", from: 2 * width, to: 2 * width)
      conv15 = layer("conv15", from: 2 * width, to: width, upsampling: 2)
      conv16 = layer("conv16", from: width, to: width / 2)
      conv17 = layer.picture("conv17", from: width / 2)
    }

    package func callAsFunction(_ x: Tensor) -> Tensor {
      let picture =
        x.through(conv1, conv2, conv3, conv4, conv5, conv6)
        .through(conv7, conv8, conv9, conv10, conv11, conv12)
        .through(conv13, conv14, conv15, conv16, conv17)
      return clamp(picture, -1, 1)
    }
  }
}
