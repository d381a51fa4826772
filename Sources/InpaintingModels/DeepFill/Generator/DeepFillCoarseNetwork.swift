import NeuralNetworks
import Tensors

/// The first stage: a blurred guess from the known pixels (Yu et al., 2018, figure 2, left; 2019, figure 3, left).
///
/// Input [batch, height, width, inputs], 5 or more; output [batch, height, width, 3]. Properties have the names of the
/// authors' layers.
final class DeepFillCoarseNetwork<Convolution: DeepFillConvolution>: Layer {
  let conv1, conv2, conv3, conv4, conv5, conv6: Convolution
  let conv7, conv8, conv9, conv10, conv11, conv12: Convolution
  let conv13, conv14, conv15, conv16: Convolution
  let conv17: Conv2d

  /// - Parameters:
  ///   - inputs: The channels of the input.
  ///   - channels: Those of the features at the pictures' full size; there are twice as many at half of the size, and four
  ///     times as many at a quarter.
  ///   - layer: Makes the layers.
  init(inputs: Int, channels: Int, layer: DeepFillLayers<Convolution>) {
    let (full, half, quarter) = (channels, 2 * channels, 4 * channels)
    conv1 = layer("conv1", from: inputs, to: full, kernel: 5)
    conv2 = layer("conv2", from: full, to: half, stride: 2)
    conv3 = layer("conv3", from: half, to: half)
    conv4 = layer("conv4", from: half, to: quarter, stride: 2)
    conv5 = layer("conv5", from: quarter, to: quarter)
    conv6 = layer("conv6", from: quarter, to: quarter)
    conv7 = layer("conv7", from: quarter, to: quarter, dilation: 2)
    conv8 = layer("conv8", from: quarter, to: quarter, dilation: 4)
    conv9 = layer("conv9", from: quarter, to: quarter, dilation: 8)
    conv10 = layer("conv10", from: quarter, to: quarter, dilation: 16)
    conv11 = layer("conv11", from: quarter, to: quarter)
    conv12 = layer("conv12", from: quarter, to: quarter)
    conv13 = layer("conv13", from: quarter, to: half, upsampling: 2)
    conv14 = layer("conv14", from: half, to: half)
    conv15 = layer("conv15", from: half, to: full, upsampling: 2)
    conv16 = layer("conv16", from: full, to: full / 2)
    conv17 = layer.picture("conv17", from: full / 2)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    encoded(x).through(conv7, conv8, conv9, conv10, conv11, conv12)
      .through(conv13, conv14, conv15, conv16, conv17)
  }

  /// The features at a quarter of the pictures' size before the dilated layers.
  func encoded(_ x: Tensor) -> Tensor { x.through(conv1, conv2, conv3, conv4, conv5, conv6) }

  /// The same after the dilated layers.
  func dilated(_ x: Tensor) -> Tensor { x.through(conv7, conv8, conv9, conv10) }
}
