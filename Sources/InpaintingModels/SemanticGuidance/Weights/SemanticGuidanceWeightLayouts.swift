import NeuralNetworks
import Support
import Tensors

/// The names of the authors' `networks.py`, whose generator is this first stage without a label head.
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
