import Support
import Tensors

/// The widths of networks whose weights are in a file.
extension DeepFillV2Configuration {
  package static func settings(
    ofShapes shape: (_ network: String, _ parameter: String) -> Shape?
  ) -> [(key: String, value: JSONValue?)] {
    let published = DeepFillV2Configuration()
    func size(_ network: String, _ parameter: String, axis: Int) -> Int? {
      shape(network, parameter).flatMap { $0.count == 4 ? $0[axis] : nil }
    }
    // A large layer must confirm the first one, or the published width is expected.
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
