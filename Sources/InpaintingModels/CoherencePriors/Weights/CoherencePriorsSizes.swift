package import Support
package import Tensors

/// The sizes of networks whose weights are in a file.
extension CoherencePriorsConfiguration {
  /// None: no program was published.
  package static let weightLayouts: [WeightLayout] = []

  package static func settings(
    ofShapes shape: (_ network: String, _ parameter: String) -> Shape?
  ) -> [(key: String, value: JSONValue?)] {
    let published = CoherencePriorsConfiguration()
    // A large layer must confirm the first one, or the usual width is expected.
    func width(_ first: Shape?, _ last: Shape?, _ published: Int, confirms: (_ width: Int) -> Shape) -> Int? {
      guard first != nil || last != nil else { return nil }
      guard let width = first?.last, (1...1024).contains(width), last == confirms(width) else { return published }
      return width
    }
    let types: [(ConvolutionType, layer: String, gates: Int)] = [
      (.plain, "conv", 1), (.gated, "gatedConv", 2), (.partial, "partialConv", 1),
    ]
    let found = types.first { shape("generator", "encoder.1.\($0.layer).weight") != nil }
    let generator = found.flatMap { type in
      width(
        shape("generator", "scales.2.pictureHidden.weight"), shape("generator", "encoder.3.\(type.layer).weight"),
        published.width
      ) { [3, 3, 2 * $0, 4 * $0 * type.gates] }
    }
    let critic = width(
      shape("discriminator", "convolutions.0.weight"), shape("discriminator", "convolutions.3.weight"),
      published.discriminatorWidth
    ) { [4, 4, 4 * $0, 8 * $0] }
    let propagated = (0...3).filter { shape("generator", "scales.\(3 - $0).propagation.gamma") != nil }
    let guidance = (1...3).compactMap { shape("generator", "scales.\($0).guidance.shared.bias") }.first
    return [
      ("width", generator.map { JSONValue($0) }), ("discriminator_width", critic.map { JSONValue($0) }),
      ("conv_type", found.map { JSONValue($0.0.rawValue) }),
      ("swap_scales", generator.map { _ in JSONValue(.array(propagated.map { JSONValue($0) })) }),
    ] + (guidance.flatMap { $0.first }.map { [("spade_hidden", JSONValue($0))] } ?? [])
  }
}
