/// A JSON value with its position in the text and, for objects, the order of its keys.
package struct JSONValue: Sendable {
  /// The value without its position.
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
  /// Equal in content, whatever the positions. Objects are equal only with their keys in the same order.
  package static func == (left: JSONValue, right: JSONValue) -> Bool {
    left.content == right.content
  }
}

extension JSONMember: Equatable {
  package static func == (left: JSONMember, right: JSONMember) -> Bool {
    left.key.hasSameBytes(as: right.key) && left.value == right.value
  }
}

extension JSONValue {
  /// The value as a JSON text, without a newline at the end.
  ///
  /// Reals are written with the shortest digits that read back as the same number. Numbers that are not finite cannot
  /// occur: they became `null` when the value was made.
  ///
  /// - Parameter pretty: One member a line, indented by two spaces; arrays without collections in them stay on one
  ///   line. Otherwise no whitespace at all.
  package func write(pretty: Bool = false) -> String {
    var text = ""
    write(to: &text, indentation: pretty ? 0 : nil)
    return text
  }

  /// - Parameter indentation: The depth of this value; nil for no whitespace.
  private func write(to text: inout String, indentation: Int?) {
    switch content {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .number(let number): text += number.literal
    case .string(let string): text += JSONValue.quoted(string)
    case .array(let elements):
      let isFlat = elements.allSatisfy { !$0.isCollection }
      JSONValue.writeList(
        elements, between: ("[", "]"), to: &text, indentation: isFlat ? nil : indentation,
        separator: isFlat && indentation != nil ? ", " : ","
      ) { element, depth, text in
        element.write(to: &text, indentation: depth)
      }
    case .object(let members):
      JSONValue.writeList(members, between: ("{", "}"), to: &text, indentation: indentation, separator: ",") {
        member, depth, text in
        text += JSONValue.quoted(member.key) + (depth == nil ? ":" : ": ")
        member.value.write(to: &text, indentation: depth)
      }
    }
  }

  /// Writes a list; without an `indentation` on one line.
  private static func writeList<Item>(
    _ items: [Item], between brackets: (String, String), to text: inout String, indentation: Int?, separator: String,
    write: (Item, Int?, inout String) -> Void
  ) {
    func newLine(_ depth: Int) { text += "\n" + String(repeating: "  ", count: depth) }
    text += brackets.0
    for (index, item) in items.enumerated() {
      if index > 0 { text += separator }
      if let indentation { newLine(indentation + 1) }
      write(item, indentation.map { $0 + 1 }, &text)
    }
    if let indentation, !items.isEmpty { newLine(indentation) }
    text += brackets.1
  }

  /// True for arrays and objects.
  private var isCollection: Bool {
    switch content {
    case .array, .object: true
    default: false
    }
  }

  /// The string in double quotes; quotes, backslashes and control characters are escaped.
  private static func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      // Terminals interpret other control characters, too: 0x7F and 0x80...0x9F.
      case "\0"..<" ", "\u{7F}"..."\u{9F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  /// The text for a value in messages: all of a short one, the beginning of a long one, the kind of a collection.
  package var excerpt: String {
    let text: String
    switch content {
    case .array(let elements): return elements.isEmpty ? "an empty array" : "an array"
    case .object: return "an object"
    case .string(let string):
      let beginning = string.prefix(60)
      text = JSONValue.quoted(String(beginning)) + (beginning.endIndex < string.endIndex ? "…" : "")
    default: text = write()
    }
    return text.count <= 64 ? text : text.prefix(60) + "…"
  }
}
