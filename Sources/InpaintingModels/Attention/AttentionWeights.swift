import NeuralNetworks
import Support

/// The keys `weights` and `prefix` of an element of `model.attention`: a file of a public port's weights that a fresh
/// attention starts with.
package struct AttentionWeights: Hashable, Sendable {
  /// A safetensors or PyTorch file.
  package let path: String
  /// The beginning of the names that are the attention's, in a file of a larger network: `refine_attn.`.
  package let prefix: String
  /// The key in the configuration, for messages.
  let key: String

  /// Reads the keys; an absent one is not written down, so that configurations without weights stay as they are.
  ///
  /// - Throws: `Failure` of the kind `configuration` for a wrong type.
  init?(_ reader: JSONReader) throws {
    guard let weights = reader.value("weights") else { return nil }
    path = try weights.string()
    prefix = try reader.value("prefix")?.string() ?? ""
    key = weights.keyPath
  }

  /// Reads the file into an attention's parameters and buffers. Other tensors of it are left alone: it may be that of a
  /// whole network.
  ///
  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` that names every tensor that is missing, has
  ///   another shape, or holds values that are not finite; the module is unchanged then.
  func load(into module: any PortedModule) throws {
    do {
      let file = try WeightFile(path: path)
      try module.load(from: path, prefix: prefix) { try file.tensorIfAny($0) }
    } catch let failure as Failure {
      throw Failure(failure.kind, "`\(key)`: \(failure.message)")
    }
  }
}
