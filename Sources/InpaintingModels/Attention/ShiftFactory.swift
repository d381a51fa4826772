import NeuralNetworks
import Support
import Tensors

/// Shift-Net's shift connection, on the way from the encoder to the decoder.
struct ShiftRecipe: AttentionRecipe {
  static let usualPlace = AttentionPlace.skip

  private var options = ShiftLayer.Options()

  init(_ reader: JSONReader, featureSize: Int) throws {
    options.threshold = Scalar(
      try reader.real("threshold", in: Double.leastNonzeroMagnitude...1, default: Double(options.threshold)))
    options.tripleWeight = Scalar(
      try reader.real("triple_weight", in: 0...1000, default: Double(options.tripleWeight)))
  }

  func problem(at site: AttentionSite) -> String? {
    guard site.place == .skip, site.isAdded else {
      return "it compares what the decoder made with what skips to it, so it is for the skips of the DeepFills"
    }
    return ShiftLayer.problem(options: options)
  }

  func layer(
    at site: AttentionSite, contextual: ContextualAttention, initialization: Initialization
  ) -> any PlacedAttention {
    PlacedShift(options, at: site)
  }

  /// The encoder's features and the shifted ones.
  func skippingChannels(at site: AttentionSite) -> Int { 2 * site.channels }
}
