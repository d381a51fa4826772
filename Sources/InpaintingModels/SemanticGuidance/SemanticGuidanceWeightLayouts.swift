import NeuralNetworks
package import Support
package import Tensors

/// The weight layout of the authors' `networks.py`, whose generator is the first stage without the label head.
extension SemanticGuidanceConfiguration {
  package static let weightLayouts: [WeightLayout] = [
    WeightLayout(
      name: "goodryu", origin: "the authors' Interactive-Image-Inpainting", settings: [("output", "clamp")],
      networks: [
        NetworkLayout(
          network: "generator",
          tensors: layers.flatMap { own, foreign, colors in
            WeightMapping.convolution("coarse." + own, foreign + ".conv", colors: colors)
          } + externalSpatial, omitted: ["labelHead."])
      ])
  ]

  private static let layers: [(own: String, foreign: String, colors: ColorAxis?)] =
    (1...17).map { number in
      let ending = [2, 4].contains(number) ? "_downsample" : (7...10).contains(number) ? "_atrous" : ""
      return ("conv\(number)", "conv\(number)\(ending)", number == 1 ? .inputs : number == 17 ? .outputs : nil)
    }

  private static let externalSpatial: [WeightMapping] = {
    let (block, attention) = ("attention.layers.0.block.", "attention.layers.0.block.attention.")
    return [
      WeightMapping(attention + "norm.weight", "espa.norm.weight"),
      WeightMapping(attention + "norm.bias", "espa.norm.bias"),
      WeightMapping(attention + "key.expansion", "espa.ex_k.net.0.weight", .pointwise),
      WeightMapping(attention + "key.contraction", "espa.ex_k.net.2.weight", .pointwise),
      WeightMapping(attention + "value.expansion", "espa.ex_v.net.0.weight", .pointwise),
      WeightMapping(attention + "value.contraction", "espa.ex_v.net.2.weight", .pointwise),
      WeightMapping(block + "context.weight", "convc.weight", .outputsFirst, colors: .inputs),
    ]
  }()
}

/// The sizes of networks, inferred from the shapes of their weights.
extension SemanticGuidanceConfiguration {
  package static func settings(
    ofShapes shape: (_ network: String, _ parameter: String) -> Shape?
  ) -> [(key: String, value: JSONValue?)] {
    let published = SemanticGuidanceConfiguration()
    func filter(_ network: String, _ parameter: String) -> Shape? {
      shape(network, parameter + ".weight").flatMap { $0.count == 4 ? $0 : nil }
    }
    // The width is taken from the first layer only if a large layer agrees with it; otherwise the published width is
    // assumed.
    func width(_ first: Shape?, _ last: Shape?, _ published: Int, confirms: (_ width: Int) -> Shape) -> Int? {
      guard first != nil || last != nil else { return nil }
      guard let width = first?[3], (1...1024).contains(width), last == confirms(width) else { return published }
      return width
    }
    let generator = width(
      filter("generator", "coarse.conv1"), filter("generator", "coarse.conv12"), published.width
    ) { [3, 3, 4 * $0, 4 * $0] }
    let discriminator = width(
      filter("discriminator", "conv1"), filter("discriminator", "conv4"), published.discriminatorWidth
    ) { [4, 4, 4 * $0, 8 * $0] }
    // External spatial attention's matrices have the features' height, a quarter of the pictures'.
    let mixing = shape("generator", "attention.layers.0.block.attention.key.expansion")
    let size = mixing.flatMap { $0.count == 2 && (2...1024).contains($0[0]) ? 4 * $0[0] : nil }
    let hidden = width(
      filter("decoder", "block1.norm0.shared"), filter("decoder", "block1.norm0.gamma"), 128
    ) { [3, 3, $0, 4 * (generator ?? published.width)] }
    let judge = width(
      filter("decoder_discriminator", "scales.0.conv1"), filter("decoder_discriminator", "scales.0.conv4"), 64
    ) { [4, 4, 4 * $0, 8 * $0] }
    // Without a second stage its keys are nil.
    let decoder: [(key: String, value: JSONValue?)] = [
      ("stages", hidden == nil ? 1 : 2), ("spade_hidden", hidden.map { JSONValue($0) }),
      ("decoder_discriminator_width", judge.map { JSONValue($0) }),
    ]
    let norm: [(key: String, value: JSONValue?)] = hidden == nil ? [("spade_norm", nil)] : []
    return [
      ("width", generator.map { JSONValue($0) }), ("discriminator_width", discriminator.map { JSONValue($0) }),
    ] + decoder + norm + (size.map { [("picture_size", JSONValue($0))] } ?? [])
  }
}
