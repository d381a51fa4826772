import Tensors

/// What a model can be told before it is built. Its properties are the keys of `model` and `losses` in configurations.
public protocol ModelConfiguration: Sendable {
  /// The names of the model's networks in their order: the keys of the section `optimizers`.
  static var networkNames: [String] { get }

  /// Heights and widths of pictures must be multiples of this.
  static var sizeMultiple: Int { get }

  /// Reads the model's own keys of three sections of a configuration; a key that is absent has the published value.
  ///
  /// - Throws: A `Failure` of the kind `configuration` that names the key and its line.
  init(model: ConfigurationReader, losses: ConfigurationReader, training: ConfigurationReader) throws

  /// Builds the model with fresh parameters.
  func makeModel(seed: UInt64) -> any InpaintingModel
}
