import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport

@testable import InpaintingModels
@testable import Support

/// Generators with attention as a configuration says it, of 16 channels where attention mostly is.
enum AttentionModels {
  /// - Parameter entries: The key `attention`; nil leaves it out.
  static func v2(_ entries: JSONValue?, losses: JSONValue = [:]) throws -> DeepFillV2 {
    let configuration = try read(DeepFillV2Configuration.self, entries, width: 8, losses: losses)
    return DeepFillV2(configuration, seed: 3)
  }

  static func v1(_ entries: JSONValue?, losses: JSONValue = [:]) throws -> DeepFillV1 {
    DeepFillV1(try read(DeepFillV1Configuration.self, entries, width: 4, losses: losses), seed: 3)
  }

  static func partial(_ entries: JSONValue?) throws -> PartialConvolution {
    PartialConvolution(
      try read(PartialConvolutionConfiguration.self, entries, width: 8, more: [("levels", 3)]), seed: 3)
  }

  /// The configuration of a model for pictures of 32 x 32.
  static func read<Configuration: ModelConfiguration>(
    _ type: Configuration.Type, _ entries: JSONValue?, width: Int, losses: JSONValue = [:],
    more: [(String, JSONValue)] = []
  ) throws -> Configuration {
    let keys = entries.map { [("attention", $0)] } ?? []
    let model = JSONValue([("width", JSONValue(width))] + more + keys)
    let root = try JSONReader(JSONValue([("model", model), ("losses", losses)]), source: "test.json")
    let configuration = try Configuration(
      model: root.object("model"), losses: root.object("losses"), training: root.object("training"), pictureSize: 32)
    try root.finish()
    return configuration
  }

  /// An attention at its usual site that fits 16 channels and pictures of 32 x 32.
  static func entry(_ kind: String) throws -> JSONValue {
    let members: [(String, JSONValue)] = [
      ("at", JSONValue(try AttentionRegistry.defaultPart(of: kind).rawValue)), ("kind", JSONValue(kind)),
    ]
    return JSONValue(members + options(kind))
  }

  /// The options that a kind needs where there are few channels.
  static func options(_ kind: String) -> [(String, JSONValue)] {
    switch kind {
    case "sk": [("groups", 4)]
    case "se", "cbam": [("reduction", 2)]
    case "self_attention": [("reduction", 4)]
    case "danet": [("reduction", 2), ("position_reduction", 2)]
    default: []
    }
  }

  /// All that attention sees beside its features, in a network that takes the first pixel of each group.
  static func inputs(_ batch: InpaintingBatch) -> AttentionInputs {
    AttentionInputs(holes: batch.holes, pictures: batch.known) { HoleReduction.oneStep.reduced($0, .floor, by: $1) }
  }
}

extension GeneratorAttention {
  /// The attention of this number if it is one that gives features of the same shape.
  func features(_ number: Int) -> (any FeatureAttention)? {
    guard case .features(let attention) = insertions[number].layer else { return nil }
    return attention
  }
}
