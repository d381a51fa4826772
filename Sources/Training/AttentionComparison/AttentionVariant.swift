import NeuralNetworks
import Support

/// One of the generators that are compared: with one attention at its usual place, or with none.
struct AttentionVariant {
  /// The attention's name in configurations; nil for none.
  let kind: String?

  /// No attention, then every kind that needs no labels.
  static let all =
    [AttentionVariant(kind: nil)] + AttentionRegistry.namesWithoutLabels.map { AttentionVariant(kind: $0) }

  var name: String { kind ?? "none" }

  /// The attention's part of the network, as configurations name it; empty for none.
  var place: String { get throws { try kind.map { try AttentionRegistry.usualPart(of: $0).rawValue } ?? "" } }

  /// The configuration with this attention in place of its own.
  ///
  /// - Throws: `Failure` of the kind `configuration` if the model cannot have it.
  func configuration(_ json: JSONValue, source: String) throws -> TrainingConfiguration {
    var json = json
    var entries: [JSONValue] = []
    if let kind { entries = [["at": JSONValue(try place), "kind": JSONValue(kind)]] }
    try JSONOverride(label: "the attention compared", path: "model.attention", value: JSONValue(entries))
      .apply(to: &json)
    return try TrainingConfiguration(json, source: source)
  }
}
