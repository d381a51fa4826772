import Tensors

/// The names of a generator's layer in this package, in the authors' code, and in the PyTorch port with symmetric
/// padding.
struct DeepFillLayerNames {
  /// The name in this package's modules.
  let own: String
  /// The scope of the layer's variables in the authors' TensorFlow code.
  let tensorflow: String
  /// The name in the PyTorch port with symmetric padding.
  let symmetric: String
  /// The axis of the layer's filter that has the color channels of pictures; nil for layers between features.
  let colors: ColorAxis?

  init(_ own: String, _ tensorflow: String, _ symmetric: String, _ colors: ColorAxis? = nil) {
    self.own = own
    self.tensorflow = tensorflow
    self.symmetric = symmetric
    self.colors = colors
  }

  /// True for upsampling layers, whose convolution is nested one level deeper in all other implementations.
  var enlarges: Bool { tensorflow.hasSuffix("_upsample") }

  private typealias Row = DeepFillLayerNames

  /// The layers in the order of the generator's parameters.
  static let all: [DeepFillLayerNames] = [
    Row("coarse.conv1", "conv1", "stage1.conv1.conv", .inputs),
    Row("coarse.conv2", "conv2_downsample", "stage1.down_block1.conv1_downsample.conv"),
    Row("coarse.conv3", "conv3", "stage1.down_block1.conv2.conv"),
    Row("coarse.conv4", "conv4_downsample", "stage1.down_block2.conv1_downsample.conv"),
    Row("coarse.conv5", "conv5", "stage1.down_block2.conv2.conv"),
    Row("coarse.conv6", "conv6", "stage1.conv_bn1.conv"),
    Row("coarse.conv7", "conv7_atrous", "stage1.conv_bn2.conv"),
    Row("coarse.conv8", "conv8_atrous", "stage1.conv_bn3.conv"),
    Row("coarse.conv9", "conv9_atrous", "stage1.conv_bn4.conv"),
    Row("coarse.conv10", "conv10_atrous", "stage1.conv_bn5.conv"),
    Row("coarse.conv11", "conv11", "stage1.conv_bn6.conv"),
    Row("coarse.conv12", "conv12", "stage1.conv_bn7.conv"),
    Row("coarse.conv13", "conv13_upsample", "stage1.up_block1.conv1_upsample.conv.conv"),
    Row("coarse.conv14", "conv14", "stage1.up_block1.conv2.conv"),
    Row("coarse.conv15", "conv15_upsample", "stage1.up_block2.conv1_upsample.conv.conv"),
    Row("coarse.conv16", "conv16", "stage1.up_block2.conv2.conv"),
    Row("coarse.conv17", "conv17", "stage1.conv_to_rgb.conv", .outputs),
    Row("refinement.xconv1", "xconv1", "stage2.conv_conv1.conv", .inputs),
    Row("refinement.xconv2", "xconv2_downsample", "stage2.conv_down_block1.conv1_downsample.conv"),
    Row("refinement.xconv3", "xconv3", "stage2.conv_down_block1.conv2.conv"),
    Row("refinement.xconv4", "xconv4_downsample", "stage2.conv_down_block2.conv1_downsample.conv"),
    Row("refinement.xconv5", "xconv5", "stage2.conv_down_block2.conv2.conv"),
    Row("refinement.xconv6", "xconv6", "stage2.conv_conv_bn1.conv"),
    Row("refinement.xconv7", "xconv7_atrous", "stage2.conv_conv_bn2.conv"),
    Row("refinement.xconv8", "xconv8_atrous", "stage2.conv_conv_bn3.conv"),
    Row("refinement.xconv9", "xconv9_atrous", "stage2.conv_conv_bn4.conv"),
    Row("refinement.xconv10", "xconv10_atrous", "stage2.conv_conv_bn5.conv"),
    Row("refinement.pmconv1", "pmconv1", "stage2.ca_conv1.conv", .inputs),
    Row("refinement.pmconv2", "pmconv2_downsample", "stage2.ca_down_block1.conv1_downsample.conv"),
    Row("refinement.pmconv3", "pmconv3", "stage2.ca_down_block1.conv2.conv"),
    Row("refinement.pmconv4", "pmconv4_downsample", "stage2.ca_down_block2.conv1_downsample.conv"),
    Row("refinement.pmconv5", "pmconv5", "stage2.ca_down_block2.conv2.conv"),
    Row("refinement.pmconv6", "pmconv6", "stage2.ca_conv_bn1.conv"),
    Row("refinement.pmconv9", "pmconv9", "stage2.ca_conv_bn4.conv"),
    Row("refinement.pmconv10", "pmconv10", "stage2.ca_conv_bn5.conv"),
    Row("refinement.allconv11", "allconv11", "stage2.conv_bn6.conv"),
    Row("refinement.allconv12", "allconv12", "stage2.conv_bn7.conv"),
    Row("refinement.allconv13", "allconv13_upsample", "stage2.up_block1.conv1_upsample.conv.conv"),
    Row("refinement.allconv14", "allconv14", "stage2.up_block1.conv2.conv"),
    Row("refinement.allconv15", "allconv15_upsample", "stage2.up_block2.conv1_upsample.conv.conv"),
    Row("refinement.allconv16", "allconv16", "stage2.up_block2.conv2.conv"),
    Row("refinement.allconv17", "allconv17", "stage2.conv_to_rgb.conv", .outputs),
  ]
}
