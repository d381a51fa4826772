import NeuralNetworks
package import Support
package import Tensors

/// The weight layouts of the authors' code (TensorFlow 1) and of nipponjo's two PyTorch ports.
extension DeepFillV2Configuration {
  package static let weightLayouts: [WeightLayout] = [
    WeightLayout(
      name: "nipponjo-pt", origin: "nipponjo's deepfillv2-pytorch, networks.py",
      settings: [
        ("padding", "symmetric"), ("nearest", "floor"), ("hole_reduction", "one_step"), ("fuse", true),
        ("start", "published"),
      ],
      networks: [
        NetworkLayout(
          network: "generator", prefix: "G.",
          tensors: DeepFillLayerNames.all.flatMap {
            WeightMapping.convolution($0.own, $0.symmetric, colors: $0.colors)
          },
          constants: [("stage2.contextual_attention.fuse_weight", identity)]),
        portedDiscriminator,
      ]),
    WeightLayout(
      name: "nipponjo-tf", origin: "nipponjo's deepfillv2-pytorch, networks_tf.py",
      settings: [
        ("padding", "tensorflow_same"), ("nearest", "align_corners"), ("hole_reduction", "one_step"), ("fuse", false),
        ("start", "published"),
      ],
      networks: [
        NetworkLayout(
          network: "generator", prefix: "G.",
          tensors: DeepFillLayerNames.all.flatMap {
            WeightMapping.convolution(
              $0.own, $0.tensorflow + ($0.enlarges ? ".conv.conv" : ".conv"), colors: $0.colors)
          }),
        portedDiscriminator,
      ]),
    WeightLayout(
      name: "tensorflow", origin: "the authors' generative_inpainting v2.0.0",
      settings: [
        ("padding", "tensorflow_same"), ("nearest", "align_corners"), ("hole_reduction", "two_steps"), ("fuse", true),
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
          network: "discriminator", scope: "discriminator/",
          tensors: discriminatorLayers.flatMap {
            WeightMapping.variables($0, "discriminator/sn_patch_gan/" + $0, colors: colors($0))
          }
            + discriminatorLayers.map {
              WeightMapping($0 + ".spectralNorm.u", "discriminator/sn_patch_gan/\($0)/kernel_sn/u")
            }, ignoredEndings: WeightLayout.momentEndings),
      ]),
  ]

  private static let discriminatorLayers = (1...6).map { "conv\($0)" }

  /// The layout of the discriminator, which both ports share.
  private static let portedDiscriminator = NetworkLayout(
    network: "discriminator", prefix: "D.",
    tensors: discriminatorLayers.flatMap { WeightMapping.convolution($0, $0 + ".conv_sn", colors: colors($0)) }
      + discriminatorLayers.map { WeightMapping($0 + ".spectralNorm.u", $0 + ".conv_sn.weight_u", .transposed) })

  /// The kernel of attention fusion, a 3x3 identity matrix, [1, 1, 3, 3].
  private static var identity: Tensor { Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [1, 1, 3, 3]) }

  private static func colors(_ discriminatorLayer: String) -> ColorAxis? {
    discriminatorLayer == "conv1" ? .inputs : nil
  }
}

/// The widths of networks, inferred from the shapes of their weights.
extension DeepFillV2Configuration {
  package static func settings(
    ofShapes shape: (_ network: String, _ parameter: String) -> Shape?
  ) -> [(key: String, value: JSONValue?)] {
    let published = DeepFillV2Configuration()
    func size(_ network: String, _ parameter: String, axis: Int) -> Int? {
      shape(network, parameter).flatMap { $0.count == 4 ? $0[axis] : nil }
    }
    // The width is taken from the first layer only if a large layer agrees with it; otherwise the published width is
    // assumed.
    func width(_ network: String, first: String, last: String, confirms: (_ width: Int) -> Shape) -> Int? {
      guard shape(network, first) != nil || shape(network, last) != nil else { return nil }
      guard let width = size(network, first, axis: 3), (1...4096).contains(width),
        shape(network, last) == confirms(width)
      else { return network == "generator" ? published.width : published.discriminatorWidth }
      return width
    }
    let isSingle =
      shape("generator", "coarse.conv1.weight") == nil && shape("generator", "refinement.xconv1.weight") != nil
    let first = isSingle ? "refinement.xconv1.weight" : "coarse.conv1.weight"
    let last = isSingle ? "refinement.xconv10.weight" : "coarse.conv12.weight"
    let generator = width("generator", first: first, last: last) { [3, 3, 2 * $0, 4 * $0] }
    let discriminator = width("discriminator", first: "conv1.weight", last: "conv6.weight") { [5, 5, 4 * $0, 4 * $0] }
    let inputs = size("generator", first, axis: 2) ?? size("discriminator", "conv1.weight", axis: 2)
    let guidedInputs = generator == nil ? 5 : 6
    return [
      ("width", generator.map { JSONValue($0) }), ("discriminator_width", discriminator.map { JSONValue($0) }),
      ("guidance", JSONValue(inputs == guidedInputs)), ("stages", generator.map { _ in JSONValue(isSingle ? 1 : 2) }),
    ]
  }
}
