/// An override of one key of a configuration: `path.to.key=JSON`.
package struct JSONOverride: Sendable {
  /// The keys from the outermost inwards; for an element of an array, its index.
  package let keys: [String]
  package let value: JSONValue
  /// The name of the override in messages.
  private let label: String

  /// - Parameters:
  ///   - label: The name of the override in messages.
  ///   - path: The key's path, its parts joined by dots.
  package init(label: String, path: String, value: JSONValue) {
    keys = path.split(separator: ".").map(String.init)
    self.label = label
    self.value = value.positioned(at: .override(label))
  }

  /// Reads `path.to.key=JSON`.
  ///
  /// A value that is not JSON is taken as a string, so that `model.padding=symmetric` needs no quotes; but what begins
  /// with `{`, `[` or `"` must be JSON.
  ///
  /// - Parameter origin: The origin of the override in messages.
  /// - Throws: `Failure` of the kind `usage`.
  package init(parsing assignment: String, from origin: String) throws {
    let bytes = Array(assignment.utf8)
    guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else {
      throw Failure(.usage, "\(origin) \(assignment): expected `path.to.key=value`, found no `=`")
    }
    let path = String(decoding: bytes[..<equals], as: UTF8.self)
    let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard keys.allSatisfy({ !$0.isEmpty }), keys.count <= 32 else {
      throw Failure(.usage, "\(origin) \(assignment): expected up to 32 keys joined by dots, found `\(path)`")
    }
    self.keys = keys
    label = "\(origin) \(path)"
    value = try JSONOverride.value(Array(bytes[(equals + 1)...]), label: label)
  }

  package init(parsing assignment: String) throws { try self.init(parsing: assignment, from: "override") }

  private static func value(_ text: [UInt8], label: String) throws -> JSONValue {
    guard let first = text.first else {
      throw Failure(.usage, "\(label)=: expected a value after `=`, found nothing; write `\(label)='\"\"'` for no text")
    }
    do {
      let parsed = try JSONValue(parsing: text, as: .strict, source: label, kind: .usage)
      return parsed.positioned(at: .override(label))
    } catch  where !"{[\"".utf8.contains(first) {
      return JSONValue(.string(String(decoding: text, as: UTF8.self)), position: .override(label))
    }
  }

  /// Puts the value into `root`, replacing what was there. Missing objects on the path are created; elements of arrays
  /// must exist.
  ///
  /// - Throws: `Failure` of the kind `usage` if the path leads through a value that has no keys, or to an element that
  ///   the array does not have.
  package func apply(to root: inout JSONValue) throws {
    try set(keys[...], in: &root)
  }

  private func set(_ rest: ArraySlice<String>, in node: inout JSONValue) throws {
    guard let key = rest.first else {
      node = value
      return
    }
    switch node.content {
    case .object(var members):
      // The members must not be shared while they are changed, or each level would be copied.
      node.content = .null
      let index = members.firstIndex { $0.key.hasSameBytes(as: key) } ?? members.count
      if index == members.count {
        let empty = JSONValue(.object([]), position: .override(label))
        members.append(JSONMember(key: key, keyPosition: .override(label), value: empty))
      }
      defer { node.content = .object(members) }
      try set(rest.dropFirst(), in: &members[index].value)
    case .array(var elements):
      guard let index = Int(key), elements.indices.contains(index) else {
        throw Failure(
          .usage, "\(label): expected an index below \(elements.count) for \(parent(of: rest)), found `\(key)`")
      }
      node.content = .null
      defer { node.content = .array(elements) }
      try set(rest.dropFirst(), in: &elements[index])
    default:
      throw Failure(
        .usage, "\(label): expected \(parent(of: rest)) to be an object with the key `\(key)`, found \(node.excerpt)")
    }
  }

  private func parent(of rest: ArraySlice<String>) -> String {
    rest.startIndex == 0 ? "the configuration" : "`\(keys[..<rest.startIndex].joined(separator: "."))`"
  }
}

extension JSONValue {
  /// The same value with every position in it replaced.
  fileprivate func positioned(at position: JSONPosition) -> JSONValue {
    switch content {
    case .array(let elements):
      return JSONValue(.array(elements.map { $0.positioned(at: position) }), position: position)
    case .object(let members):
      let moved = members.map { member in
        JSONMember(key: member.key, keyPosition: position, value: member.value.positioned(at: position))
      }
      return JSONValue(.object(moved), position: position)
    default:
      return JSONValue(content, position: position)
    }
  }
}
