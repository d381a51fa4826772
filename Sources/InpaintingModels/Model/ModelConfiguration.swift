package import InpaintingData
package import Support
package import Tensors

/// The settings that a model is built with. Its properties are the keys of `model` and `losses` in configurations.
package protocol ModelConfiguration: Sendable {
  /// The names and arrangements that other programs give the model's weights, one entry a program.
  static var weightLayouts: [WeightLayout] { get }

  /// The keys of `model` that the sizes of weights decide, such as `width`.
  ///
  /// The answer must be such that the network is not much larger than the tensors that were asked for: files may lie.
  ///
  /// - Parameter shape: The shape of a network's parameter in a file, nil if there is none.
  /// - Returns: Every such key; with nil where it is about a network that the file does not have.
  static func settings(
    ofShapes shape: (_ network: String, _ parameter: String) -> Shape?
  ) -> [(key: String, value: JSONValue?)]

  /// Reads the model's own keys of three sections of a configuration; a key that is absent has the published value.
  ///
  /// - Throws: A `Failure` of the kind `configuration` that names the key and its line.
  init(model: JSONReader, losses: JSONReader, training: JSONReader) throws

  /// The same for models of which a network's size depends on that of the pictures it is trained on.
  ///
  /// - Parameter pictureSize: The height and width of the pictures of a run; nil where there is none, as for a file of
  ///   weights.
  init(
    model: JSONReader, losses: JSONReader, training: JSONReader, pictureSize: Int?
  ) throws

  /// A model of the same kind to be trained on square pictures of another size, which is a multiple of 64.
  func resized(toPictures size: Int) -> Self

  /// The names of the model's networks in their order: the keys of the section `optimizers`.
  var networkNames: [String] { get }

  /// The phases that a run may be made of, at least one; a run that names none has the first.
  var phases: [TrainingPhase] { get }

  /// Heights and widths of pictures must be multiples of this.
  var sizeMultiple: Int { get }

  /// The conditions that the model takes beside the picture and its hole.
  var conditions: [Condition] { get }

  /// Checks that conditions are given as training needs them.
  ///
  /// - Parameter given: What the section `data` says of conditions.
  /// - Throws: `Failure` of the kind `configuration`.
  func requireConditions(_ given: [any ConditionSettings]) throws

  /// The learning rate of a network where `optimizers` says none.
  func learningRate(of network: String) -> Double

  /// The same in one of the phases that train it.
  func learningRate(of network: String, in phase: TrainingPhase) -> Double

  /// The reason for which a run that begins with a phase must begin with weights that were trained before, in a sentence
  /// that says how; nil if it need not.
  func reasonForInitialWeights(before phase: TrainingPhase) -> Sentence?

  /// Builds the model with fresh parameters.
  func makeModel(seed: UInt64) -> any InpaintingModel
}

/// Defaults that suit most models: their networks take pictures of any size, and are trained all together.
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
  /// The weights that a run begins with.
  package static let initialWeights = Setting("initialWeights")
}
