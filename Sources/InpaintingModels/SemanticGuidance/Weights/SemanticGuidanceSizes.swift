package import Support
package import Tensors

/// The sizes of networks whose weights are in a file.
extension SemanticGuidanceConfiguration {
  package static func settings(
    ofShapes shape: (_ network: String, _ parameter: String) -> Shape?
  ) -> [(key: String, value: JSONValue?)] {
    let published = SemanticGuidanceConfiguration()
    func filter(_ network: String, _ parameter: String) -> Shape? {
      shape(network, parameter + ".weight").flatMap { $0.count == 4 ? $0 : nil }
    }
    // A large layer must confirm the first one, or the published width is expected.
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
    // The matrices along the features' height say how large these are.
    let mixing = shape("generator", "attention.layers.0.block.attention.key.expansion")
    let size = mixing.flatMap { $0.count == 2 && (2...1024).contains($0[0]) ? 4 * $0[0] : nil }
    let hidden = width(
      filter("decoder", "block1.norm0.shared"), filter("decoder", "block1.norm0.gamma"), 128
    ) { [3, 3, $0, 4 * (generator ?? published.width)] }
    let judge = width(
      filter("decoder_discriminator", "scales.0.conv1"), filter("decoder_discriminator", "scales.0.conv4"), 64
    ) { [4, 4, 4 * $0, 8 * $0] }
    // Without a second stage none of its keys is known.
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
