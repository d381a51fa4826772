/// One value of a JSON object, read as the type that the caller expects.
///
/// Every method throws a `Failure` of its reader's kind that names the position, the key path, what was expected and
/// what was found.
package struct JSONField {
  /// The raw value, for what the methods below do not cover.
  package let value: JSONValue
  /// The key path, such as `data.size[1]`.
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
  /// - Parameter earlier: Names of cases in earlier versions: still accepted, but not listed in errors.
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

  /// A failure at this value: position and key path, then `message`. For rules that the methods do not check, such as
  /// "must be a multiple of 8".
  package func failure(_ message: String) -> Failure {
    Failure(owner.kind, "\(value.position.location(in: owner.source)): `\(keyPath)`: \(message)")
  }

  private func mismatch(_ expected: String, hint: String = "") -> Failure {
    failure("expected \(expected), found \(value.excerpt)\(hint)")
  }
}

/// Lengths in a picture, written in pixels or as a fraction of the picture's side.
extension JSONField {
  /// A whole number of pixels, or a fraction of a side above 0 and below 1. A fraction is rounded to whole pixels, and
  /// raised to the lower bound of the range if it is less.
  ///
  /// - Parameters:
  ///   - range: The allowed range in pixels.
  ///   - side: The side that a fraction refers to, in pixels.
  /// - Returns: Pixels.
  package func length(in range: ClosedRange<Int>, ofSide side: Int) throws -> Int {
    guard case .number(let number) = value.content, let length = pixels(number, ofSide: side, least: range.lowerBound),
      range.contains(length)
    else {
      throw failure(
        "expected \(range.expectation(of: "a whole number of pixels")), or a part of the picture's side above 0 and below "
          + "1, found \(value.excerpt)")
    }
    return length
  }

  private func pixels(_ number: JSONNumber, ofSide side: Int, least: Int) -> Int? {
    if let integer = number.integer { return integer }
    guard number.real > 0, number.real < 1 else { return nil }
    return max(least, Int((number.real * Double(side)).rounded()))
  }
}

extension JSONReader {
  /// A length in pixels or as a fraction of a side; `resolved` holds it in pixels.
  package func length(
    _ key: String, in range: ClosedRange<Int>, ofSide side: Int, default fallback: Int
  ) throws -> Int {
    let length = try value(key)?.length(in: range, ofSide: side) ?? fallback
    answer(key, JSONValue(length))
    return length
  }

  /// A range of lengths, written [lowest, highest], each in pixels or as a fraction of a side.
  package func lengths(
    _ key: String, in range: ClosedRange<Int>, ofSide side: Int, default fallback: ClosedRange<Int>
  ) throws -> ClosedRange<Int> {
    let bounds =
      try value(key)?.array(count: 2...2).map { try $0.length(in: range, ofSide: side) }
      ?? [fallback.lowerBound, fallback.upperBound]
    answer(key, JSONValue(bounds.map { JSONValue($0) }))
    guard bounds[0] <= bounds[1] else {
      throw failure("`\(key)`: expected [lowest, highest], found [\(bounds[0]), \(bounds[1])] in pixels")
    }
    return bounds[0]...bounds[1]
  }
}

/// The suggestion for a misspelled name.
package enum NearestName {
  /// The candidate nearest to `name` by edit distance (the first of equals); nil if none is within a third of its
  /// length.
  package static func of(_ name: String, among candidates: [String]) -> String? {
    let limit = max(1, name.utf8.count / 3)
    // The time of the distance is the product of the lengths.
    guard name.utf8.count <= 64 else { return nil }
    var nearest: (name: String, distance: Int)?
    for candidate in candidates where abs(candidate.utf8.count - name.utf8.count) <= limit {
      let distance = editDistance(Array(name.lowercased().utf8), Array(candidate.lowercased().utf8))
      if distance <= limit, distance < nearest?.distance ?? .max { nearest = (candidate, distance) }
    }
    return nearest?.name
  }

  /// The number of insertions, deletions, substitutions and transpositions of neighboring bytes (the optimal string
  /// alignment distance: Damerau, 1964; Levenshtein, 1966).
  static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var older: [Int] = []
    var previous = Array(0...right.count)
    for (row, byte) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var best = min(previous[column + 1] + 1, current[column] + 1, previous[column] + (byte == other ? 0 : 1))
        if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
          best = min(best, older[column - 1] + 1)
        }
        current.append(best)
      }
      older = previous
      previous = current
    }
    return previous[right.count]
  }
}
