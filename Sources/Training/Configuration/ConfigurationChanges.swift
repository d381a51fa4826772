import Support

/// One value that two configurations do not share.
struct ConfigurationChange: Equatable {
  let path: String
  let old: String?
  let new: String?

  var description: String {
    switch (old, new) {
    case (let old?, let new?): "\(path) was \(old) and is \(new)"
    case (let old?, nil): "\(path) was \(old) and is not set"
    default: "\(path) was not set and is \(new ?? "null")"
    }
  }
}

extension JSONValue {
  /// Where a newer configuration differs, in the order of its keys.
  func differences(from newer: JSONValue, at path: String = "") -> [ConfigurationChange] {
    guard let old = members, let new = newer.members else {
      return self == newer ? [] : [ConfigurationChange(path: path, old: write(), new: newer.write())]
    }
    func full(_ key: String) -> String { path.isEmpty ? key : path + "." + key }
    var changes: [ConfigurationChange] = []
    for member in new {
      if let previous = self[member.key] {
        changes += previous.differences(from: member.value, at: full(member.key))
      } else {
        changes.append(ConfigurationChange(path: full(member.key), old: nil, new: member.value.write()))
      }
    }
    for member in old where newer[member.key] == nil {
      changes.append(ConfigurationChange(path: full(member.key), old: member.value.write(), new: nil))
    }
    return changes
  }

  /// The same without the values at the key paths given.
  func removing(_ keyPaths: [[String]]) -> JSONValue {
    guard let members else { return self }
    return JSONValue(
      members.compactMap { member -> (key: String, value: JSONValue)? in
        if keyPaths.contains([member.key]) { return nil }
        let deeper = keyPaths.filter { $0.count > 1 && $0[0] == member.key }.map { Array($0.dropFirst()) }
        return (member.key, member.value.removing(deeper))
      })
  }
}
