import InpaintingData
import NeuralNetworks
package import Tensors

/// The second stage of inpainting with semantic guidance: four SPADE residual blocks, conditioned on a label map, at a
/// quarter, a quarter, half and all of the pictures' size.
///
/// The architecture is an interpretation: the paper's abstract names a semantic decoder that takes the reconstructed
/// features as a prior, and no public code has one. The blocks are those of Park et al. (2019).
package final class SemanticDecoder: Module {
  let block1, block2, block3, block4: SPADEResidualBlock
  let output: Conv2d

  /// - Parameters:
  ///   - channels: The channels of the first stage's features, a multiple of 4.
  ///   - mapChannels: The channels of the map: one for each class, and one for the hole.
  ///   - hidden: The channels of the convolution that a SPADE's scale and shift share.
  init(
    channels: Int, mapChannels: Int, hidden: Int, norm: SPADE.Norm, filters: Initializer,
    initialization: Initialization
  ) {
    func block(_ name: String, from inputs: Int, to outputs: Int) -> SPADEResidualBlock {
      SPADEResidualBlock(
        inputChannels: inputs, outputChannels: outputs, filters: filters, initialization: initialization[name]
      ) { channels, initialization in
        SPADE(
          channels: channels, mapChannels: mapChannels, hidden: hidden, norm: norm, initialization: initialization)
      }
    }
    block1 = block("block1", from: channels, to: channels)
    block2 = block("block2", from: channels, to: channels)
    block3 = block("block3", from: channels, to: channels / 2)
    block4 = block("block4", from: channels / 2, to: channels / 4)
    output = Conv2d(
      inputChannels: channels / 4, outputChannels: 3, kernel: 3,
      initialization: initialization["output"].with(weights: filters))
  }

  /// Pictures in −1...1, [batch, 4 · height, 4 · width, 3].
  ///
  /// - Parameters:
  ///   - features: [batch, height, width, channels].
  ///   - map: The classes of pixels and the holes, [batch, 4 · height, 4 · width, mapChannels].
  package func callAsFunction(_ features: Tensor, map: Tensor) -> Tensor {
    let (height, width) = (features.shape[1], features.shape[2])
    precondition(
      map.shape[1] == 4 * height && map.shape[2] == 4 * width,
      "SemanticDecoder: expected a map of \(4 * height)x\(4 * width), found shape \(map.shape)")
    // Resized once here, because each block has two or three SPADEs.
    let quarter = map.resizedNearest(height: height, width: width)
    let half = map.resizedNearest(height: 2 * height, width: 2 * width)
    var x = block1(features, map: quarter)
    x = block2(x, map: quarter).upsampledNearest(by: 2)
    x = block3(x, map: half).upsampledNearest(by: 2)
    x = block4(x, map: map)
    return tanh(output(Activation.leakyReLU(slope: 0.2)(x)))
  }
}

/// A segmentation head on the first stage's features at a quarter of the size: three 3x3 convolutions with ELU, two of
/// them after nearest-neighbor upsampling by 2, and a 1x1 convolution. The architecture is not from the paper.
///
/// Input [batch, height, width, channels], output logits, [batch, 4 · height, 4 · width, classes].
final class LabelHead: Layer {
  let conv1, conv2, conv3, score: Conv2d

  /// - Parameters:
  ///   - channels: The channels of the features, even.
  ///   - filters: The initialization of filters.
  init(channels: Int, classes: Int, filters: Initializer, initialization: Initialization) {
    func layer(_ name: String, from inputs: Int, to outputs: Int, upsampling: Int = 1) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: 3, activation: .elu, upsampling: upsampling,
        initialization: initialization[name].with(weights: filters))
    }
    conv1 = layer("conv1", from: channels, to: channels)
    conv2 = layer("conv2", from: channels, to: channels / 2, upsampling: 2)
    conv3 = layer("conv3", from: channels / 2, to: channels / 2, upsampling: 2)
    score = Conv2d(
      inputChannels: channels / 2, outputChannels: classes, kernel: 1,
      initialization: initialization["score"].with(weights: filters))
  }

  func callAsFunction(_ x: Tensor) -> Tensor { x.through(conv1, conv2, conv3, score) }
}

/// The sampling of the labels that condition the second stage in training.
extension SemanticGuidance {
  /// The leaf with requested labels, drawn per sample. With probability `predictedLabels` there are none, and the
  /// labels that the first stage predicts are used, as at inference without edits. With probability `editedLabels` all
  /// pixels have one class that occurs in the picture, as a person might paint it. Otherwise they are the true labels.
  func requestingLabels(_ leaf: StepBatch.Leaf, _ randomness: StepRandomness) -> StepBatch.Leaf {
    guard let classes = configuration.classes, let decoder = configuration.decoder,
      let labels = leaf.batch.trueLabels(configuration.classes)
    else { preconditionFailure("SemanticGuidance: expected a batch with labels for the second stage") }
    func draws(_ purpose: String) -> [Double] {
      randomness.uniform([leaf.sampleCount], purpose: purpose).sliced(axis: 0, leaf.samples).elements.map { Double($0) }
    }
    let (kinds, choices) = (draws("predicted labels"), decoder.editedLabels > 0 ? draws("edited labels") : [])
    let requests = kinds.enumerated().map { sample, kind -> Tensor in
      let own = labels.sliced(axis: 0, sample..<sample + 1)
      if kind < decoder.predictedLabels { return .zeros(own.shape) }
      guard kind < decoder.predictedLabels + decoder.editedLabels else { return own }
      let present = own.sum(axes: [0, 1, 2]).elements.enumerated().filter { $0.element > 0 }.map(\.offset)
      guard !present.isEmpty else { return own }
      let name = present[min(present.count - 1, Int(choices[sample] * Double(present.count)))]
      return .oneHot([Int?](repeating: name, count: own.count / own.shape[3]), shape: own.shape)
    }
    return leaf.with(leaf.batch.with(.requestedLabels(classes), concatenate(requests, axis: 0)))
  }

  /// 1 for each sample whose requested labels differ from its true ones in the hole, else 0: [batch, 1, 1, 1]. Nil if
  /// the batch has no requested labels, or training never edits any.
  func isEdited(_ batch: InpaintingBatch) -> Tensor? {
    guard let classes = configuration.classes, configuration.decoder?.editedLabels ?? 0 > 0,
      let requested = batch[.requestedLabels(classes)], let labels = batch.trueLabels(configuration.classes)
    else { return nil }
    let others = (requested * (1 - labels) * batch.holes).sum(axes: [1, 2, 3])
    return Tensor(others.elements.map { $0 > 0 ? 1 : 0 }, shape: others.shape)
  }
}
