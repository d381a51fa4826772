import NeuralNetworks
package import Support
package import Tensors

/// The weight layouts of the authors' code (TensorFlow 1) and of daa233's PyTorch port.
extension DeepFillV1Configuration {
  package static let weightLayouts: [WeightLayout] = [
    WeightLayout(
      name: "daa233", origin: "daa233's generative-inpainting-pytorch",
      settings: [
        ("padding", "symmetric"), ("nearest", "floor"), ("hole_reduction", "one_step"),
        ("attention_reduction", "downsampling"), ("attention_length", "offset"), ("fuse", true),
        ("start", "published"),
      ],
      networks: [
        NetworkLayout(
          network: "generator", prefix: "netG.",
          tensors: DeepFillLayerNames.all.flatMap {
            WeightMapping.convolution($0.own, $0.ported + ".conv", colors: $0.colors)
          }),
        NetworkLayout(
          network: "critic",
          tensors: critics.flatMap { critic in
            let there = critic + "D."
            return convolutions.flatMap {
              WeightMapping.convolution("\(critic).\($0)", there + "dis_conv_module.\($0).conv", colors: colors($0))
            } + [
              WeightMapping(critic + ".score.weight", there + "linear.weight", .channelsFirst),
              WeightMapping(critic + ".score.bias", there + "linear.bias"),
            ]
          }),
      ]),
    WeightLayout(
      name: "tensorflow-v1", origin: "the authors' generative_inpainting v1.0.0",
      settings: [
        ("padding", "tensorflow_same"), ("nearest", "align_corners"), ("hole_reduction", "two_steps"),
        ("attention_reduction", "downsampling"), ("attention_length", "floored"), ("fuse", true),
        ("start", "published"),
      ],
      networks: [
        NetworkLayout(
          network: "generator", scope: "inpaint_net/",
          tensors: DeepFillLayerNames.all.flatMap { names in
            let deeper = names.enlarges ? "/\(names.tensorflow)_conv" : ""
            return WeightMapping.variables(
              names.own, "inpaint_net/" + names.tensorflow + deeper, colors: names.colors)
          }, ignoredEndings: WeightLayout.momentEndings),
        NetworkLayout(
          network: "critic", scope: "discriminator/",
          tensors: critics.flatMap { critic in
            let sum = "discriminator/dout_\(critic)_fc"
            return convolutions.flatMap {
              WeightMapping.variables(
                "\(critic).\($0)", "discriminator/discriminator_\(critic)/\($0)", colors: colors($0))
            } + [
              WeightMapping(critic + ".score.weight", sum + "/kernel", .channelsLast),
              WeightMapping(critic + ".score.bias", sum + "/bias"),
            ]
          }, ignoredEndings: WeightLayout.momentEndings),
      ]),
  ]

  private static let critics = ["local", "global"]
  private static let convolutions = (1...4).map { "conv\($0)" }

  private static func colors(_ convolution: String) -> ColorAxis? { convolution == "conv1" ? .inputs : nil }
}

/// The layer names of DeepFill v1, which the authors share with v2, as do the modules of this package.
extension DeepFillLayerNames {
  /// The layer's name in daa233's port, which begins with the stage.
  fileprivate var ported: String {
    let name = enlarges ? String(tensorflow.dropLast("_upsample".count)) : tensorflow
    guard own.hasPrefix("refinement.") else { return "coarse_generator." + name }
    return "fine_generator." + (name.hasPrefix("x") ? String(name.dropFirst()) : name)
  }
}

/// The sizes of networks, inferred from the shapes of their weights.
extension DeepFillV1Configuration {
  package static func settings(
    ofShapes shape: (_ network: String, _ parameter: String) -> Shape?
  ) -> [(key: String, value: JSONValue?)] {
    let published = DeepFillV1Configuration()
    func filter(_ network: String, _ parameter: String) -> Shape? {
      shape(network, parameter + ".weight").flatMap { $0.count == 4 ? $0 : nil }
    }
    // The width is taken from the first layer only if a large layer agrees with it; otherwise the published width is
    // assumed.
    func width(first: Shape?, last: Shape?, kernel: Int, _ published: Int) -> Int? {
      guard let widest = last ?? first else { return nil }
      guard let width = first?[3], (1...4096).contains(width), widest == [kernel, kernel, 4 * width, 4 * width]
      else { return published }
      return width
    }
    let generatorWidth = width(
      first: filter("generator", "coarse.conv1"), last: filter("generator", "coarse.conv12"), kernel: 3,
      published.width)
    let criticWidth = width(
      first: filter("critic", "global.conv1"), last: filter("critic", "global.conv4"), kernel: 5,
      published.criticWidth)
    guard let criticWidth else {
      let keys = ["critic_width", "narrow_local_critic", "picture_size", "local_size"]
      return [("width", generatorWidth.map { JSONValue($0) })] + keys.map { ($0, nil) }
    }
    let isNarrow = filter("critic", "local.conv4")?[3] == 4 * criticWidth
    func size(_ critic: String, channels: Int, _ published: Int) -> Int {
      side(ofSum: filter("critic", critic + ".score"), channels: channels) ?? published
    }
    let pictureSize = size("global", channels: 4 * criticWidth, published.pictureSize)
    let localSize = size("local", channels: (isNarrow ? 4 : 8) * criticWidth, published.localSize)
    return [
      ("width", generatorWidth.map { JSONValue($0) }), ("critic_width", JSONValue(criticWidth)),
      ("narrow_local_critic", JSONValue(isNarrow)), ("picture_size", JSONValue(pictureSize)),
      ("local_size", JSONValue(min(localSize, pictureSize))),
    ]
  }

  /// The height and width of a critic's input, inferred from the shape of its fully connected layer; nil if no size has
  /// that shape.
  private static func side(ofSum weights: Shape?, channels: Int) -> Int? {
    guard let weights, weights[3] == 1 else { return nil }
    let positions = weights.elementCount / channels
    let side = Int(Double(positions).squareRoot())
    guard (1...256).contains(side), side * side * channels == weights.elementCount else { return nil }
    return side * Critic.reduction
  }
}
