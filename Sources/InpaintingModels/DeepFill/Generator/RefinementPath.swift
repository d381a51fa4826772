import NeuralNetworks
import Tensors

/// The way of features through the second stage: one branch sees far by dilation, the other borrows from the context by
/// attention, and a decoder joins both (Yu et al., 2018, figure 4; 2019, figure 3, right).
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
  /// True if the branches' convolutions are computed once more on the way back instead of being kept.
  let checkpointsActivations: Bool

  /// The last layer's output, and the decoder's features that shift connections compared on the way.
  ///
  /// - Parameter x: The network's input, [batch, height, width, channels].
  func callAsFunction(
    _ x: Tensor, _ inputs: AttentionInputs
  ) -> (output: Tensor, shifted: [ShiftedFeatures]) {
    var shifted: [ShiftedFeatures] = []
    let encoded = encoded(x)
    let dilated = through(encoder.dilated, encoded.quarter)
    let far = attention(.bottleneck, scale: 4, dilated, inputs)
    let near = attention(.parallel, scale: 4, through(attended, x), inputs)
    let joined = concatenate([far, through(borrowed, near)], axis: -1)
    func stage(_ scale: Int, _ x: Tensor, _ skipping: Tensor?, _ layer: any Layer) -> Tensor {
      if let shift = attention.shift(at: scale) { shifted.append(ShiftedFeatures(x, scale: scale, shift)) }
      let beside = attention.joined(scale: scale, decoded: x, encoded: skipping, inputs)
      return attention(.decoder, scale: scale, layer(beside), inputs)
    }
    let quarter = stage(4, decoder.entry(joined), encoded.quarter, decoder.atQuarter)
    let half = stage(2, decoder.toHalf(quarter), encoded.half, decoder.atHalf)
    let full = stage(1, decoder.toFullSize(half), encoded.full, decoder.atFullSize)
    return (decoder.picture(full), shifted)
  }

  /// The far-seeing branch's features of whole pictures at a scale.
  ///
  /// - Parameter x: The network's input, with nothing missing.
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
