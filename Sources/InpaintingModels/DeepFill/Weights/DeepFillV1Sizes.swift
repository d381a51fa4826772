import Support
import Tensors

/// The sizes of networks whose weights are in a file.
extension DeepFillV1Configuration {
  package static func settings(
    ofShapes shape: (_ network: String, _ parameter: String) -> Shape?
  ) -> [(key: String, value: JSONValue?)] {
    let published = DeepFillV1Configuration()
    func filter(_ network: String, _ parameter: String) -> Shape? {
      shape(network, parameter + ".weight").flatMap { $0.count == 4 ? $0 : nil }
    }
    // A large layer must confirm the first one, or the published width is expected.
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

  /// The size of the pictures that a critic takes whose weighted sum has these weights; nil if there is none.
  private static func side(ofSum weights: Shape?, channels: Int) -> Int? {
    guard let weights, weights[3] == 1 else { return nil }
    let positions = weights.elementCount / channels
    let side = Int(Double(positions).squareRoot())
    guard (1...256).contains(side), side * side * channels == weights.elementCount else { return nil }
    return side * Critic.reduction
  }
}
