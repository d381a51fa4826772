/// Reads a JSON object key by key, strictly: a wrong type, a value out of range, a missing key or, at `finish()`, a key
/// that was never read is a `Failure` of the kind given at the root.
///
/// ```
/// let root = try JSONReader(json, source: path)
/// let training = try root.object("training")
/// let steps = try training.integer("steps", in: 1 ... .max)
/// let rate = try training.real("learning_rate", in: .positive, default: 1e-4)
/// let limit = try training.optional("limit")?.integer(in: 1...100)
/// try root.finish()
/// ```
///
/// Without a `default` the key is required. A key set to `null` counts as absent for `optional(_:)` only.
package final class JSONReader {
  /// The key path of the object, such as `training.optimizers`; empty for the root.
  package let keyPath: String
  let source: String
  let kind: Failure.Kind
  private let position: JSONPosition
  private let members: [JSONMember]
  private var askedKeys: [String] = []
  private var answers: [(key: String, value: JSONValue)] = []
  private var children: [JSONReader] = []

  /// - Parameters:
  ///   - source: The name of the text in messages, usually its path.
  ///   - kind: The kind of all failures: `configuration`, or `data` for files that programs have written.
  package convenience init(_ root: JSONValue, source: String, kind: Failure.Kind = .configuration) throws {
    guard let members = root.members else {
      let what = kind == .configuration ? "the configuration to be an object" : "an object"
      throw Failure(kind, "\(root.position.location(in: source)): expected \(what), found \(root.excerpt)")
    }
    self.init(members, keyPath: "", source: source, kind: kind, position: root.position)
  }

  private init(
    _ members: [JSONMember], keyPath: String, source: String, kind: Failure.Kind, position: JSONPosition
  ) {
    self.members = members
    self.keyPath = keyPath
    self.source = source
    self.kind = kind
    self.position = position
  }

  /// The keys the object has, in their order, for objects whose keys are data.
  package var keys: [String] { members.map(\.key) }

  /// The value of the key, nil if it is absent.
  package func value(_ key: String) -> JSONField? {
    if !askedKeys.contains(where: { $0.hasSameBytes(as: key) }) { askedKeys.append(key) }
    guard let member = members.first(where: { $0.key.hasSameBytes(as: key) }) else { return nil }
    note(key, member.value)
    return JSONField(value: member.value, keyPath: path(to: key), owner: self)
  }

  /// The value of a key that may be absent or `null`.
  package func optional(_ key: String) -> JSONField? {
    guard let value = value(key), value.value.content != .null else {
      note(key, nil)
      return nil
    }
    return value
  }

  // MARK: One value

  /// A whole number of the range; `16.0` is one, `true` is not.
  package func integer(
    _ key: String, in range: ClosedRange<Int> = .min ... .max, default fallback: Int? = nil
  ) throws -> Int {
    try read(key, range.expectation(of: "a whole number"), fallback, { JSONValue($0) }, { try $0.integer(in: range) })
  }

  /// A number of the range, written with or without a fraction.
  package func real(
    _ key: String, in range: ClosedRange<Double> = .finite, default fallback: Double? = nil
  ) throws -> Double {
    try read(key, range.expectation, fallback, { JSONValue($0) }, { try $0.real(in: range) })
  }

  /// `true` or `false`.
  package func boolean(_ key: String, default fallback: Bool? = nil) throws -> Bool {
    try read(key, "true or false", fallback, { JSONValue($0) }, { try $0.boolean() })
  }

  /// A string, empty or not.
  package func string(_ key: String, default fallback: String? = nil) throws -> String {
    try read(key, "a string", fallback, { JSONValue($0) }, { try $0.string() })
  }

  /// One of some names that are known only when the program runs.
  package func string(_ key: String, among names: [String]) throws -> String {
    try read(key, "one of " + JSONField.list(names), nil, { JSONValue($0) }, { try $0.string(among: names) })
  }

  /// A string that names one of the cases.
  package func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, of type: Choice.Type = Choice.self, earlier: KeyValuePairs<String, Choice> = [:],
    default fallback: Choice? = nil
  ) throws -> Choice {
    let expectation = "one of " + JSONField.list(type.allCases.map(\.rawValue))
    return try read(
      key, expectation, fallback, { JSONValue($0.rawValue) }, { try $0.choice(of: type, earlier: earlier) })
  }

  // MARK: Collections

  /// An array of whole numbers.
  ///
  /// - Parameters:
  ///   - count: The allowed number of elements.
  ///   - range: The allowed range of each element.
  package func integers(
    _ key: String, count: ClosedRange<Int> = 0 ... .max, in range: ClosedRange<Int> = .min ... .max,
    default fallback: [Int]? = nil
  ) throws -> [Int] {
    try read(
      key, "an array", fallback, { JSONValue($0.map { JSONValue($0) }) },
      {
        try $0.array(count: count).map { try $0.integer(in: range) }
      })
  }

  /// An array of numbers; the parameters are those of `integers`.
  package func reals(
    _ key: String, count: ClosedRange<Int> = 0 ... .max, in range: ClosedRange<Double> = .finite,
    default fallback: [Double]? = nil
  ) throws -> [Double] {
    try read(
      key, "an array", fallback, { JSONValue($0.map { JSONValue($0) }) },
      {
        try $0.array(count: count).map { try $0.real(in: range) }
      })
  }

  /// An array of objects, each to be read key by key.
  ///
  /// - Parameters:
  ///   - count: The allowed number of elements.
  ///   - fallback: The array that is read if the key is absent.
  package func objects(
    _ key: String, count: ClosedRange<Int> = 0 ... .max, default fallback: JSONValue
  ) throws -> [JSONReader] {
    if value(key) == nil { note(key, fallback) }
    let value =
      value(key) ?? JSONField(value: fallback, keyPath: path(to: key), owner: self)
    return try value.array(count: count).map { try $0.object() }
  }

  /// The object of the key. An absent one is read as empty, so that its own defaults apply and errors name missing keys
  /// by their full path.
  package func object(_ key: String) throws -> JSONReader {
    if let value = value(key) { return try value.object() }
    note(key, JSONValue([(key: String, value: JSONValue)]()))
    return child([], keyPath: path(to: key), position: position)
  }

  /// The object of the key merged with another: its own members take precedence.
  ///
  /// - Parameter base: The other; ignored unless it is an object.
  package func object(_ key: String, over base: JSONValue?) throws -> JSONReader {
    let own = try value(key)?.object()
    if own == nil { note(key, JSONValue([(key: String, value: JSONValue)]())) }
    let members = own?.members ?? []
    let inherited = (base?.members ?? []).filter { member in !members.contains { $0.key.hasSameBytes(as: member.key) } }
    // The merged reader checks its members for unknown keys.
    children.removeAll { $0 === own }
    return child(members + inherited, keyPath: path(to: key), position: own?.position ?? position)
  }

  // MARK: What was read

  /// The object with every key that was read, in the order of reading: absent keys with their defaults, optional ones
  /// with `null`.
  package var resolved: JSONValue {
    JSONValue(answers.map { (key: $0.key, value: resolve($0.value, at: path(to: $0.key))) })
  }

  /// The value, with those objects in it resolved that were read through this reader.
  private func resolve(_ value: JSONValue, at path: String) -> JSONValue {
    if let child = children.first(where: { $0.keyPath == path }) { return child.resolved }
    guard case .array(let elements) = value.content else { return value }
    return JSONValue(elements.enumerated().map { resolve($1, at: "\(path)[\($0)]") })
  }

  /// Sets the value of a key in `resolved`, in place of the one in the text.
  package func answer(_ key: String, _ value: JSONValue) {
    note(key, value)
    for index in answers.indices where answers[index].key.hasSameBytes(as: key) { answers[index].value = value }
  }

  private func note(_ key: String, _ value: JSONValue) {
    if !answers.contains(where: { $0.key.hasSameBytes(as: key) }) { answers.append((key, value)) }
  }

  // MARK: The end

  /// Throws for the first key that was never read, here and in every nested object that was, and suggests the nearest
  /// known key.
  package func finish() throws {
    for member in members where !askedKeys.contains(where: { $0.hasSameBytes(as: member.key) }) {
      let hint: String
      if let nearest = NearestName.of(member.key, among: askedKeys) {
        hint = "; did you mean `\(nearest)`?"
      } else if askedKeys.isEmpty {
        hint = "; no key is known here"
      } else {
        hint = "; the keys here are " + askedKeys.map { "`\($0)`" }.joined(separator: ", ")
      }
      let place = member.keyPosition.location(in: source)
      throw Failure(kind, "\(place): `\(path(to: member.key))` is not a known key\(hint)")
    }
    for child in children { try child.finish() }
  }

  /// A failure of the object as a whole, for rules between its keys: position and key path, then `message`.
  package func failure(_ message: String) -> Failure { failure(Sentence(message)) }

  package func failure(_ message: Sentence) -> Failure {
    let name = keyPath.isEmpty ? "" : "`\(keyPath)`: "
    return Failure(kind, sentence: "\(position.location(in: source)): \(name)\(message)")
  }

  /// A reader of a nested object; `finish()` here finishes it too.
  func child(_ members: [JSONMember], keyPath: String, position: JSONPosition) -> JSONReader {
    let child = JSONReader(
      members, keyPath: keyPath, source: source, kind: kind, position: position)
    children.append(child)
    return child
  }

  private func read<Result>(
    _ key: String, _ expectation: @autoclosure () -> String, _ fallback: Result?,
    _ encode: (Result) -> JSONValue, _ convert: (JSONField) throws -> Result
  ) throws -> Result {
    if let value = value(key) { return try convert(value) }
    if let fallback {
      note(key, encode(fallback))
      return fallback
    }
    throw missing(key, expectation())
  }

  /// The failure for a missing required key; suggests an unknown key of a similar name.
  private func missing(_ key: String, _ expectation: String) -> Failure {
    let unasked = keys.filter { key in !askedKeys.contains { $0.hasSameBytes(as: key) } }
    let hint = NearestName.of(key, among: unasked).map { "; is `\($0)` a misspelling of it?" } ?? ""
    let place = position.location(in: source)
    return Failure(
      kind, "\(place): the key `\(path(to: key))` is missing, expected \(expectation)\(hint)")
  }

  private func path(to key: String) -> String {
    let name = JSONValue(key).excerpt.dropFirst().dropLast()
    return keyPath.isEmpty ? String(name) : "\(keyPath).\(name)"
  }
}
