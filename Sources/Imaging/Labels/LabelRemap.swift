import Support

/// The meanings that a data set gives to ids of its files, by the names of classes, where they are not the list's own.
package struct LabelRemap: Equatable, Sendable {
  /// Of an id of the files, the index of a class or `LabelMap.ignored`.
  private(set) var values: [UInt8: UInt8] = [:]

  /// The word for what belongs to no class.
  static let ignoredName = "ignore"

  /// Nothing: every id is the list's own.
  package init() {}

  /// An object such as `{"11": "ignore", "24": "Person"}`.
  ///
  /// - Throws: `Failure` of the reader's kind that names the key, for an id that is none, and for a name without a class.
  package init(_ reader: JSONReader, classes: LabelClasses) throws {
    for key in reader.keys {
      guard let field = reader.value(key) else { continue }
      guard let id = UInt8(key), String(id) == key else {
        throw field.failure("expected an id from 0 to 255 as the key, found \"\(key)\"")
      }
      values[id] = try Self.value(of: field, classes: classes)
    }
  }

  private static func value(of field: JSONField, classes: LabelClasses) throws -> UInt8 {
    let name = try field.string()
    if name == ignoredName { return LabelMap.ignored }
    guard let index = classes.index(named: name) else { throw classes.unknown(name, field, beside: [ignoredName]) }
    return index
  }

  package var isEmpty: Bool { values.isEmpty }

  /// The meanings of both; where both name an id, the other one's.
  package func merging(_ other: LabelRemap) -> LabelRemap {
    var both = self
    both.values.merge(other.values) { _, new in new }
    return both
  }
}

extension LabelClasses {
  /// The failure of a name that is none of the list's.
  ///
  /// - Parameter words: What else could stand there.
  func unknown(_ name: String, _ field: JSONField, beside words: [String] = []) -> Failure {
    let names = classes.map(\.name) + words
    let hint =
      NearestName.of(name, among: names).map { "; did you mean \"\($0)\"?" }
      ?? (count <= 20 ? "; the classes are " + classes.map { "\"\($0.name)\"" }.joined(separator: ", ") : "")
    let others = words.map { " or \"\($0)\"" }.joined()
    return field.failure("expected a class of \(self.name)\(others), found \"\(name)\"\(hint)")
  }
}
