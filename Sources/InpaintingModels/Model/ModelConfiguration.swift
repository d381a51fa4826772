package import InpaintingData
package import Support
package import Tensors

/// The configuration of a model: its architecture and the weights of its loss terms, as read from the sections `model`
/// and `losses`.
package protocol ModelConfiguration: Sendable {
  /// The parameter names and dimension orders of public implementations, one entry for each.
  static var weightLayouts: [WeightLayout] { get }

  /// The keys of `model` that follow from the shapes of weights, such as `width`.
  ///
  /// A file's shapes are untrusted: implementations must return sizes whose network is not much larger than the tensors
  /// that they looked up.
  ///
  /// - Parameter shape: The shape of a network's parameter in a file; nil if the file does not have the parameter.
  /// - Returns: All such keys; the value is nil if the key describes a network that the file does not have.
  static func settings(
    ofShapes shape: (_ network: String, _ parameter: String) -> Shape?
  ) -> [(key: String, value: JSONValue?)]

  /// Reads the model's keys from three sections of a configuration. An absent key has its published value.
  ///
  /// - Throws: A `Failure` of the kind `configuration` that names the key and its line.
  init(model: JSONReader, losses: JSONReader, training: JSONReader) throws

  /// Reads the model's keys, for models with a network whose architecture depends on the size of the training pictures.
  ///
  /// - Parameter pictureSize: The height and width of the training pictures; nil outside of a training run, as for a
  ///   file of weights.
  init(
    model: JSONReader, losses: JSONReader, training: JSONReader, pictureSize: Int?
  ) throws

  /// The configuration for square training pictures of another size, a multiple of 64.
  func resized(toPictures size: Int) -> Self

  /// The names of the model's networks, in order: the keys of the section `optimizers`.
  var networkNames: [String] { get }

  /// The training phases that a run can select, at least one. A run that selects none has the first.
  var phases: [TrainingPhase] { get }

  /// The number of which the pictures' height and width must be multiples.
  var sizeMultiple: Int { get }

  /// The conditions that a batch must have beside pictures and holes, such as edges.
  var conditions: [Condition] { get }

  /// Checks that the data provides the conditions that training needs.
  ///
  /// - Parameter given: The conditions in the section `data`.
  /// - Throws: `Failure` of the kind `configuration`.
  func requireConditions(_ given: [any ConditionSettings]) throws

  /// The default learning rate of a network, for an absent key in `optimizers`.
  func learningRate(of network: String) -> Double

  /// The default learning rate of a network in a training phase.
  func learningRate(of network: String, in phase: TrainingPhase) -> Double

  /// The error message for a run that begins with this phase without pretrained weights; nil if the phase does not need
  /// any.
  func reasonForInitialWeights(before phase: TrainingPhase) -> Sentence?

  /// Builds the model with randomly initialized parameters.
  func makeModel(seed: UInt64) -> any InpaintingModel
}

/// Defaults for models whose networks do not depend on the pictures' size and are all trained in one phase.
extension ModelConfiguration {
  package init(
    model: JSONReader, losses: JSONReader, training: JSONReader, pictureSize: Int?
  ) throws {
    try self.init(model: model, losses: losses, training: training)
  }

  package func resized(toPictures size: Int) -> Self { self }

  package var phases: [TrainingPhase] { [TrainingPhase(name: "training", networks: networkNames)] }

  package var conditions: [Condition] { [] }

  package func requireConditions(_ given: [any ConditionSettings]) throws {}

  package func learningRate(of network: String) -> Double { 1e-4 }

  package func learningRate(of network: String, in phase: TrainingPhase) -> Double { learningRate(of: network) }

  package func reasonForInitialWeights(before phase: TrainingPhase) -> Sentence? { nil }
}

extension Setting {
  /// The setting that names the weights that a run starts from.
  package static let initialWeights = Setting("initialWeights")
}
