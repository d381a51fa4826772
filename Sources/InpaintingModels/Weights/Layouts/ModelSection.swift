import Support
import Tensors

/// The section `model` of a configuration, put together for a file of weights.
struct ModelSection {
  let configuration: any ModelConfiguration
  /// The section with its name and every default filled in.
  let resolved: JSONValue

  /// - Parameters:
  ///   - name: The model's name in the registry.
  ///   - settings: Keys and values; of a key that is there several times, the last counts. Nil takes the key away, so
  ///     that it has its default.
  ///   - overrides: What the user wants to be otherwise.
  ///   - path: The file, for messages.
  /// - Throws: `Failure` of the kind `data` if the file's settings are none, `usage` or `configuration` if the user's are
  ///   none.
  init(
    name: String, settings: [(key: String, value: JSONValue?)], overrides: [JSONOverride], path: String
  ) throws {
    var members: [(key: String, value: JSONValue)] = [("name", JSONValue(name))]
    for (key, value) in settings where key != "name" {
      members.removeAll { $0.key == key }
      if let value { members.append((key, value)) }
    }
    var json = JSONValue([("model", JSONValue(members))])
    for override in overrides { try override.apply(to: &json) }
    let root = try JSONReader(json, source: path, kind: overrides.isEmpty ? .data : .configuration)
    let section = try root.object("model")
    let type = try ModelRegistry.configuration(namedIn: section).type
    configuration = try type.init(model: section, losses: root.object("losses"), training: root.object("training"))
    try root.finish()
    resolved = section.resolved
  }
}
