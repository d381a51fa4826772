import Tensors

/// A module that weighs features by what they are, and gives as many as it takes: it can be put between any two layers.
///
/// Input and output [batch, height, width, channels].
package protocol AttentionLayer: Layer {
  /// The multiplications with an addition that the layer makes for the features of one picture; those of scalars with
  /// whole pictures, of normalisations and activations do not count.
  func multiplyAdds(height: Int, width: Int) -> Int
}

/// An attention with a map: each place draws from others, with weights that can be looked at.
package protocol MappedAttention: AttentionLayer {
  /// With which weights a place draws from all places.
  ///
  /// - Parameters:
  ///   - row, column: The place, within the features' height and width.
  ///   - x: [batch, height, width, channels].
  /// - Returns: [batch, height, width], mostly of the sum 1.
  func weights(ofRow row: Int, column: Int, in x: Tensor) -> Tensor
}
