/// A JSON value that remembers where it stood and, for objects, the order of its keys.
package struct JSONValue: Sendable {
  /// The value itself, wherever it stood.
  package enum Content: Equatable, Sendable {
    case null
    case boolean(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    /// The members in the order they were written; no key repeats.
    case object([JSONMember])
  }

  package var content: Content
  package var position: JSONPosition

  package init(_ content: Content, position: JSONPosition = .program) {
    self.content = content
    self.position = position
  }

  /// The member's value, if this is an object that has the key (compared as UTF-8 bytes).
  package subscript(key: String) -> JSONValue? {
    members?.first { $0.key.hasSameBytes(as: key) }?.value
  }

  /// The members of an object, nil for anything else.
  package var members: [JSONMember]? {
    if case .object(let members) = content { members } else { nil }
  }
}

/// One key of an object and its value.
package struct JSONMember: Sendable {
  package var key: String
  /// The position of the key; the value has its own.
  package var keyPosition: JSONPosition
  package var value: JSONValue

  package init(key: String, keyPosition: JSONPosition = .program, value: JSONValue) {
    self.key = key
    self.keyPosition = keyPosition
    self.value = value
  }
}

extension JSONValue: Equatable {
  /// Equal in what they say, wherever they stood. Objects are equal only in the same order.
  package static func == (left: JSONValue, right: JSONValue) -> Bool {
    left.content == right.content
  }
}

extension JSONMember: Equatable {
  package static func == (left: JSONMember, right: JSONMember) -> Bool {
    left.key.hasSameBytes(as: right.key) && left.value == right.value
  }
}
