import NeuralNetworks
import Support
import Tensors

/// The way of features through the second stage of both DeepFills: one branch sees far by dilation, the other borrows
/// from the surroundings by attention, and a decoder joins both (Yu et al., 2018, figure 4; 2019, figure 3, right).
///
/// Networks differ in their layers and have this way in common, and where attention can be put in.
struct RefinementPath {
  /// The layers of the far-seeing branch, cut where their features can skip to the decoder.
  struct Encoder {
    let atFullSize, atHalf, atQuarter, dilated: [any Layer]
  }

  /// The layers of the decoder, cut where features skip to them and where attention comes.
  struct Decoder {
    let entry: any Layer
    let atQuarter, toHalf, atHalf, toFullSize, atFullSize, picture: any Layer
  }

  let encoder: Encoder
  /// The branch that borrows, before and after its attention.
  let attended, borrowed: [any Layer]
  let decoder: Decoder
  let attention: GeneratorAttention
  /// Whether the branches' convolutions are computed once more on the way back instead of being kept.
  let checkpointsActivations: Bool

  /// Where attention can be put into a network of such a shape; of several places of one kind, the first is usual.
  ///
  /// - Parameters:
  ///   - widths: The channels at a quarter, at half and at the full size of the pictures.
  ///   - last: The channels of the decoder's last layer before the picture.
  static func sites(widths: (quarter: Int, half: Int, full: Int), last: Int) -> [AttentionSite] {
    [
      AttentionSite(.bottleneck, scale: 4, channels: widths.quarter, sizeMultiple: 2),
      AttentionSite(.parallel, scale: 4, channels: widths.quarter, sizeMultiple: 2),
      AttentionSite(.decoder, scale: 4, channels: widths.quarter, sizeMultiple: 2),
      AttentionSite(.decoder, scale: 2, channels: widths.half, sizeMultiple: 4),
      AttentionSite(.decoder, scale: 1, channels: last, sizeMultiple: 8),
      AttentionSite(.skip, scale: 4, channels: widths.quarter, sizeMultiple: 2, isAdded: true),
      AttentionSite(.skip, scale: 2, channels: widths.half, sizeMultiple: 4, isAdded: true),
      AttentionSite(.skip, scale: 1, channels: widths.full, sizeMultiple: 8, isAdded: true),
    ]
  }

  /// What the second stage has as published.
  static let published = [AttentionEntry(.contextual, at: .parallel, scale: 4)]

  /// Reads the key `attention` of a model with such a second stage.
  static func attention(
    _ model: JSONReader, sites: [AttentionSite], pictureSize: Int?
  ) throws -> [AttentionEntry] {
    try [AttentionEntry](
      model, sites: sites, usual: [["at": "parallel", "kind": "contextual"]], pictureSize: pictureSize)
  }

  /// The raw pictures, and what shift connections compared of the decoder on the way.
  ///
  /// - Parameter x: What the network takes, [batch, height, width, channels].
  func callAsFunction(
    _ x: Tensor, _ surroundings: AttentionSurroundings
  ) -> (pictures: Tensor, shifted: [ShiftedFeatures]) {
    var shifted: [ShiftedFeatures] = []
    let encoded = encoded(x)
    let dilated = through(encoder.dilated, encoded.quarter)
    let far = attention(.bottleneck, scale: 4, dilated, surroundings)
    let near = attention(.parallel, scale: 4, through(attended, x), surroundings)
    let joined = concatenate([far, through(borrowed, near)], axis: -1)
    func stage(_ scale: Int, _ x: Tensor, _ skipping: Tensor?, _ layer: any Layer) -> Tensor {
      if let shift = attention.shift(at: scale) { shifted.append(ShiftedFeatures(x, scale: scale, shift)) }
      let beside = attention.joined(scale: scale, decoded: x, encoded: skipping, surroundings)
      return attention(.decoder, scale: scale, layer(beside), surroundings)
    }
    let quarter = stage(4, decoder.entry(joined), encoded.quarter, decoder.atQuarter)
    let half = stage(2, decoder.toHalf(quarter), encoded.half, decoder.atHalf)
    let full = stage(1, decoder.toFullSize(half), encoded.full, decoder.atFullSize)
    return (decoder.picture(full), shifted)
  }

  /// What the far-seeing branch makes of whole pictures, as features of a scale.
  ///
  /// - Parameter x: What the network takes, with nothing missing.
  func encoded(_ x: Tensor, scale: Int) -> Tensor {
    let layers = [(1, encoder.atFullSize), (2, encoder.atHalf), (4, encoder.atQuarter)].filter { $0.0 <= scale }
    return layers.flatMap(\.1).reduce(x) { $1($0) }
  }

  /// Features of the far-seeing branch before its dilated layers, at three sizes.
  private func encoded(_ x: Tensor) -> (full: Tensor?, half: Tensor?, quarter: Tensor) {
    // Features that nobody else wants need not be kept.
    guard attention.skips(at: 1) || attention.skips(at: 2) else {
      return (nil, nil, through(encoder.atFullSize + encoder.atHalf + encoder.atQuarter, x))
    }
    let full = through(encoder.atFullSize, x)
    let half = through(encoder.atHalf, full)
    return (full, half, through(encoder.atQuarter, half))
  }

  private func through(_ layers: [any Layer], _ x: Tensor) -> Tensor {
    guard checkpointsActivations else { return layers.reduce(x) { $1($0) } }
    return checkpoint(x, at: layers.flatMap(\.parameters)) { x in layers.reduce(x) { $1($0) } }
  }
}
