import Support

extension JSONValue {
  /// A configuration whose `data.labels`, if any, is an object with classes: a string there is the path of the maps, and
  /// classes that it does not name are the model's.
  var withLabelsSpelledOut: JSONValue {
    guard let labels = self["data"]?["labels"] else { return self }
    var spelled = labels
    if case .string = labels.content {
      spelled.content = .object([JSONMember(key: "path", keyPosition: labels.position, value: labels)])
    }
    if let members = spelled.members, spelled["classes"] == nil, let classes = self["model"]?["classes"],
      case .string = classes.content
    {
      spelled.content = .object([JSONMember(key: "classes", keyPosition: classes.position, value: classes)] + members)
    }
    return replacing("data") { $0.replacing("labels") { _ in spelled } }
  }

  private func replacing(_ key: String, by change: (JSONValue) -> JSONValue) -> JSONValue {
    guard let members else { return self }
    var changed = self
    changed.content = .object(
      members.map { $0.key == key ? JSONMember(key: $0.key, keyPosition: $0.keyPosition, value: change($0.value)) : $0 }
    )
    return changed
  }
}
