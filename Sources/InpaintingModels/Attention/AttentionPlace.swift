/// Where attention can be put in a generator.
package enum AttentionPlace: String, CaseIterable, Sendable {
  /// After the layers that see furthest: DeepFill's dilated stack, the last layer of a U-Net's encoder.
  case bottleneck
  /// In the branch beside them, where the DeepFills have their contextual attention.
  case parallel
  /// After the layers of the decoder that work at one scale.
  case decoder
  /// On the way from the encoder to the decoder at one scale. The DeepFills have no such way: this makes one.
  case skip
}
