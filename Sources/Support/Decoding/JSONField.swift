/// One value of a JSON object, read as the type that the caller expects.
///
/// Every method throws a `Failure` of its reader's kind that names the place, the key path, what was expected
/// and what was found.
package struct JSONField {
  /// The value as it stands, for what the methods below do not cover.
  package let value: JSONValue
  /// Such as `data.size[1]`.
  package let keyPath: String
  /// The object the value was read from, whose `finish()` also checks the objects within this value.
  let owner: JSONReader

  /// A whole number; `16.0` is one, `16.5` and `true` are not.
  package func integer(in range: ClosedRange<Int> = .min ... .max) throws -> Int {
    guard case .number(let number) = value.content, let integer = number.integer, range.contains(integer) else {
      throw mismatch(range.expectation(of: "a whole number"))
    }
    return integer
  }

  /// A number, written with or without a fraction.
  package func real(in range: ClosedRange<Double> = .finite) throws -> Double {
    guard case .number(let number) = value.content, range.contains(number.real) else {
      throw mismatch(range.expectation)
    }
    return number.real
  }

  /// `true` or `false`; `0` and `1` are numbers.
  package func boolean() throws -> Bool {
    guard case .boolean(let boolean) = value.content else { throw mismatch("true or false") }
    return boolean
  }

  /// A string, empty or not.
  package func string() throws -> String {
    guard case .string(let string) = value.content else { throw mismatch("a string") }
    return string
  }

  /// A string that names one of the cases.
  ///
  /// - Parameter earlier: Names that choices had in earlier versions: still read, and never offered.
  package func choice<Choice: CaseIterable & RawRepresentable<String>>(
    of type: Choice.Type, earlier: KeyValuePairs<String, Choice> = [:]
  ) throws -> Choice {
    if case .string(let name) = value.content, let choice = earlier.first(where: { $0.key.hasSameBytes(as: name) }) {
      return choice.value
    }
    let name = try string(among: type.allCases.map(\.rawValue))
    guard let choice = type.allCases.first(where: { $0.rawValue.hasSameBytes(as: name) }) else {
      preconditionFailure("JSONField.choice: \(name) is among the names and not among the cases")
    }
    return choice
  }

  /// A string that is one of these.
  package func string(among names: [String]) throws -> String {
    let expectation = "one of " + Self.list(names)
    guard case .string(let name) = value.content else { throw mismatch(expectation) }
    guard let known = names.first(where: { $0.hasSameBytes(as: name) }) else {
      let hint = NearestName.of(name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
      throw mismatch(expectation, hint: hint)
    }
    return known
  }

  /// The names in double quotes, for messages.
  static func list(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }

  /// The elements of an array.
  package func array(count: ClosedRange<Int> = 0 ... .max) throws -> [JSONField] {
    guard case .array(let elements) = value.content else { throw mismatch("an array") }
    guard count.contains(elements.count) else {
      throw failure("expected an array of \(count.countExpectation), found \(elements.count)")
    }
    return elements.enumerated().map { index, element in
      JSONField(value: element, keyPath: "\(keyPath)[\(index)]", owner: owner)
    }
  }

  /// An object, to be read key by key.
  package func object() throws -> JSONReader {
    guard let members = value.members else { throw mismatch("an object") }
    return owner.child(members, keyPath: keyPath, position: value.position)
  }

  /// A failure of this value: the place and the key path, then `message`. For rules that the methods do not know, such
  /// as "must be a multiple of 8".
  package func failure(_ message: String) -> Failure {
    Failure(owner.kind, "\(value.position.location(in: owner.source)): `\(keyPath)`: \(message)")
  }

  private func mismatch(_ expected: String, hint: String = "") -> Failure {
    failure("expected \(expected), found \(value.excerpt)\(hint)")
  }
}
