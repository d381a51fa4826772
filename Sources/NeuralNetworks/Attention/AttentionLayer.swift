import Support
import Tensors

/// A module that weighs features by what they are, and gives as many as it takes: it can be put between any two layers.
///
/// Input and output [batch, height, width, channels].
package protocol AttentionLayer: Layer {
  /// Multiply-adds of the layer for the features of one picture; those of scalars with whole pictures, of normalizations
  /// and activations do not count.
  func multiplyAdds(height: Int, width: Int) -> Int
}

/// An attention with a map: each position draws from others, with weights that can be looked at.
package protocol MappedAttention: AttentionLayer {
  /// Weights with which one position draws from all positions.
  ///
  /// - Parameters:
  ///   - row, column: The position, within the features' height and width.
  ///   - x: [batch, height, width, channels].
  /// - Returns: [batch, height, width], mostly of the sum 1.
  func weights(ofRow row: Int, column: Int, in x: Tensor) -> Tensor
}

/// An attention that is made from a number of channels and its options alone, which most kinds are, and that public
/// programs have as well.
package protocol ConfigurableAttention: AttentionLayer, PortedModule {
  associatedtype Options: AttentionOptions

  init(channels: Int, options: Options, initialization: Initialization)

  /// Reason why there can be no such layer, in a sentence; nil if there can.
  static func problem(channels: Int, options: Options) -> String?
}

/// Options of an attention, with their keys in configurations; a key that is absent has the published value.
package protocol AttentionOptions: Hashable, Sendable {
  /// - Throws: `Failure` of the kind `configuration` that names the key.
  init(_ reader: JSONReader) throws
}
