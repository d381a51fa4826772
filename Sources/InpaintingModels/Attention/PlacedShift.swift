import NeuralNetworks
import Tensors

/// Shift-Net's shift connection between an encoder and a decoder.
final class PlacedShift: PlacedAttention {
  let options: ShiftLayer.Options
  private let layer: ShiftLayer
  private let site: AttentionSite

  init(_ options: ShiftLayer.Options, at site: AttentionSite) {
    self.options = options
    layer = ShiftLayer(options: options)
    self.site = site
  }

  /// - Precondition: Never: `joined` takes its place at a skip, and there is none elsewhere.
  func callAsFunction(_ x: Tensor, _ surroundings: AttentionSurroundings) -> Tensor {
    preconditionFailure("PlacedShift: a shift needs features of a decoder")
  }

  func joined(decoded: Tensor, encoded: Tensor, _ surroundings: AttentionSurroundings) -> Tensor {
    layer(decoded, skip: encoded, hole: surroundings.holes)
  }

  /// Every place of the decoder is compared with every one of the encoder.
  func multiplyAdds(height: Int, width: Int) -> Int { height * width * height * width * site.channels }
}
