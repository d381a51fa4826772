import NeuralNetworks
package import Support
package import Tensors

/// The weight layouts of the public ports: naoto0804's, mmagic's, and naoto0804's network with NVIDIA's `partialconv`
/// layer.
extension PartialConvolutionConfiguration {
  package static let weightLayouts: [WeightLayout] =
    [7, 8].flatMap { levels in
      // The layout of the published depth has no suffix.
      let suffix = levels == 7 ? "" : "-\(levels)-levels"
      return [
        WeightLayout(
          name: "naoto0804" + suffix, origin: "naoto0804's pytorch-inpainting-with-partial-conv",
          settings: [
            ("rule", "naoto0804"), ("input_scale", "imagenet"), ("start", "published"), ("first_bias", false),
          ],
          networks: [naoto0804(levels: levels)]),
        WeightLayout(
          name: "nvidia" + suffix, origin: "naoto0804's network with the layer of NVIDIA's partialconv",
          settings: [("rule", "nvidia"), ("input_scale", "imagenet"), ("start", "published"), ("first_bias", false)],
          networks: [nvidia(levels: levels)]),
      ]
    } + [
      WeightLayout(
        name: "mmagic", origin: "mmagic's PConvEncoderDecoder",
        settings: [("rule", "nvidia"), ("input_scale", "signed"), ("start", "published"), ("first_bias", true)],
        networks: [mmagic])
    ]

  /// The layout of naoto0804's port, which stores a kernel of ones beside each filter, for the convolution of the known
  /// mask.
  private static func naoto0804(levels: Int) -> NetworkLayout {
    let layers = names(levels: levels) { "\($0)_\($1)" }
    return NetworkLayout(
      network: "generator", prefix: "model.",
      tensors: layers.flatMap { $0.tensors(convolution: "conv.input_conv", firstBias: false) },
      ones: layers.map { ($0.foreign + ".conv.mask_conv.weight", $0.own + ".convolution.weight") },
      ignoredEndings: countEndings)
  }

  /// The layout with NVIDIA's layer, whose kernel of ones is not part of the state dictionary.
  private static func nvidia(levels: Int) -> NetworkLayout {
    NetworkLayout(
      network: "generator", prefix: "model.",
      tensors: names(levels: levels) { "\($0)_\($1)" }.flatMap { $0.tensors(convolution: "conv", firstBias: false) },
      ignoredEndings: countEndings)
  }

  private static let mmagic: NetworkLayout = {
    let layers = names(levels: 7) { "\($0)oder.\($0)\($1)" }
    return NetworkLayout(
      network: "generator", prefix: "generator.",
      tensors: layers.flatMap { $0.tensors(convolution: "conv", firstBias: true) },
      ones: layers.map { ($0.foreign + ".conv.weight_mask_updater", $0.own + ".convolution.weight") },
      ignoredEndings: countEndings)
  }()

  /// The name ending of the batch counter of PyTorch's batch normalization, which nothing reads.
  private static let countEndings = [".num_batches_tracked"]

  /// - Parameter foreign: The port's name of a layer, given `enc` or `dec` and the layer's number, from 1.
  private static func names(levels: Int, foreign: (_ side: String, _ number: Int) -> String) -> [LayerNames] {
    [("encoder", "enc"), ("decoder", "dec")].flatMap { own, side in
      (0..<levels).map { LayerNames(side: own, level: $0, foreign: foreign(side, $0 + 1)) }
    }
  }
}

/// The names of a layer of the encoder or decoder, in this package and in a port.
private struct LayerNames {
  /// `encoder` or `decoder`.
  let side: String
  /// The resolution: 0 for a picture's full size, 1 for half of it, and so on.
  let level: Int
  let foreign: String

  var own: String { "\(side).\(level)" }

  /// - Parameters:
  ///   - convolution: The port's name of the convolution within a layer.
  ///   - firstBias: True if the first layer of the encoder has a bias.
  func tensors(convolution: String, firstBias: Bool) -> [WeightMapping] {
    let isPicture = level == 0
    let (filter, theirs) = (own + ".convolution", foreign + "." + convolution)
    let colors: ColorAxis? = isPicture ? (side == "encoder" ? .inputs : .lastInputsAndOutputs) : nil
    var tensors = [WeightMapping(filter + ".weight", theirs + ".weight", .outputsFirst, colors: colors)]
    if isPicture && (side == "decoder" || firstBias) {
      tensors.append(WeightMapping(filter + ".bias", theirs + ".bias", colors: side == "decoder" ? .outputs : nil))
    }
    guard !isPicture else { return tensors }
    let names = [
      ("weight", "weight"), ("bias", "bias"), ("runningMean", "running_mean"), ("runningVariance", "running_var"),
    ]
    return tensors + names.map { WeightMapping(own + ".normalization." + $0, foreign + ".bn." + $1) }
  }
}

/// The width and depth of a network, inferred from the shapes of its weights.
extension PartialConvolutionConfiguration {
  package static func settings(
    ofShapes shape: (_ network: String, _ parameter: String) -> Shape?
  ) -> [(key: String, value: JSONValue?)] {
    func filter(_ level: Int) -> Shape? { shape("generator", "encoder.\(level).convolution.weight") }
    var configuration = PartialConvolutionConfiguration()
    let levels = (0..<8).prefix { filter($0) != nil }.count
    if levels >= 2 { configuration.levels = levels }
    // The width is taken from the first layer only if the deepest layer agrees with it; otherwise the published width
    // is assumed.
    let published = configuration.width
    if let width = filter(0)?.last, (1...512).contains(width) { configuration.width = width }
    let last = configuration.levels - 1
    let kernel = kernel(ofLevel: last)
    let confirmed: Shape = [
      kernel, kernel, configuration.channels(enteringLevel: last), configuration.channels(enteringLevel: last + 1),
    ]
    if filter(last) != confirmed { configuration.width = published }
    return [("width", JSONValue(configuration.width)), ("levels", JSONValue(configuration.levels))]
  }
}
