package import Support
import Tensors

/// The models that configurations can name.
package enum ModelRegistry {
  /// One line a model.
  package static let models: [(name: String, configuration: any ModelConfiguration.Type)] = [
    ("deepfill_v2", DeepFillV2Configuration.self),
    ("deepfill_v1", DeepFillV1Configuration.self),
    ("partial_convolution", PartialConvolutionConfiguration.self),
    ("semantic_guidance", SemanticGuidanceConfiguration.self),
    ("coherence_priors", CoherencePriorsConfiguration.self),
  ]

  /// The configuration type of the model that `model.name` names.
  ///
  /// - Throws: A `Failure` of the kind `configuration` that lists the names there are.
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
