package import Support
import Tensors

/// The registry of models, by the value of `model.name`.
package enum ModelRegistry {
  /// The names and configuration types of all models.
  package static let models: [(name: String, configuration: any ModelConfiguration.Type)] = [
    ("deepfill_v2", DeepFillV2Configuration.self),
    ("deepfill_v1", DeepFillV1Configuration.self),
    ("partial_convolution", PartialConvolutionConfiguration.self),
    ("semantic_guidance", SemanticGuidanceConfiguration.self),
    ("coherence_priors", CoherencePriorsConfiguration.self),
  ]

  /// The configuration type of the model that `model.name` names.
  ///
  /// - Throws: A `Failure` of the kind `configuration` that lists the known names.
  package static func configuration(
    namedIn reader: JSONReader
  ) throws -> (name: String, type: any ModelConfiguration.Type) {
    let name = try reader.string("name", among: models.map(\.name))
    guard let model = models.first(where: { $0.name == name }) else {
      preconditionFailure("ModelRegistry: \(name) is among the names and not among the models")
    }
    return (model.name, model.configuration)
  }
}
