import Tensors

/// The public files of weights: those of the authors (TensorFlow 1) and of daa233's PyTorch port.
extension DeepFillV1Configuration {
  public static let weightLayouts: [WeightLayout] = [
    WeightLayout(
      name: "daa233", origin: "daa233's generative-inpainting-pytorch",
      settings: [
        ("padding", "symmetric"), ("nearest", "floor"), ("hole_reduction", "one_step"),
        ("attention_reduction", "downsampling"), ("attention_length", "offset"), ("fuse", true),
      ],
      networks: [
        NetworkLayout(
          network: "generator", prefix: "netG.",
          tensors: GeneratorLayerNames.all.flatMap { layer($0.own, $0.ported + ".conv", colours: $0.colours) }),
        NetworkLayout(
          network: "critic",
          tensors: critics.flatMap { critic in
            let there = critic + "D."
            return convolutions.flatMap {
              layer("\(critic).\($0)", there + "dis_conv_module.\($0).conv", colours: colours($0))
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
      ],
      networks: [
        NetworkLayout(
          network: "generator", scope: "inpaint_net/",
          tensors: GeneratorLayerNames.all.flatMap { names in
            let deeper = names.enlarges ? "/\(names.tensorflow)_conv" : ""
            return variables(names.own, "inpaint_net/" + names.tensorflow + deeper, colours: names.colours)
          }, ignoredEndings: momentEndings),
        NetworkLayout(
          network: "critic", scope: "discriminator/",
          tensors: critics.flatMap { critic in
            let sum = "discriminator/dout_\(critic)_fc"
            return convolutions.flatMap {
              variables("\(critic).\($0)", "discriminator/discriminator_\(critic)/\($0)", colours: colours($0))
            } + [
              WeightMapping(critic + ".score.weight", sum + "/kernel", .channelsLast),
              WeightMapping(critic + ".score.bias", sum + "/bias"),
            ]
          }, ignoredEndings: momentEndings),
      ]),
  ]

  private static let critics = ["local", "global"]
  private static let convolutions = (1...4).map { "conv\($0)" }

  /// What Adam keeps beside each variable in TensorFlow's checkpoints.
  private static let momentEndings = ["/Adam", "/Adam_1"]

  private static func colours(_ convolution: String) -> ColourAxis? { convolution == "conv1" ? .inputs : nil }

  /// A convolution of PyTorch.
  private static func layer(_ own: String, _ foreign: String, colours: ColourAxis?) -> [WeightMapping] {
    [
      WeightMapping(own + ".weight", foreign + ".weight", .outputsFirst, colours: colours),
      WeightMapping(own + ".bias", foreign + ".bias", colours: colours == .outputs ? .outputs : nil),
    ]
  }

  /// A convolution of TensorFlow, whose filters are arranged as here.
  private static func variables(_ own: String, _ foreign: String, colours: ColourAxis?) -> [WeightMapping] {
    [
      WeightMapping(own + ".weight", foreign + "/kernel", colours: colours),
      WeightMapping(own + ".bias", foreign + "/bias", colours: colours == .outputs ? .outputs : nil),
    ]
  }
}

/// The authors call the layers of both versions the same, and so do the modules here.
extension GeneratorLayerNames {
  /// The layer's name in daa233's port, which says the stage first.
  fileprivate var ported: String {
    let name = enlarges ? String(tensorflow.dropLast("_upsample".count)) : tensorflow
    guard own.hasPrefix("refinement.") else { return "coarse_generator." + name }
    return "fine_generator." + (name.hasPrefix("x") ? String(name.dropFirst()) : name)
  }
}
