package import Support

extension LabelClasses {
  /// A built-in list by its name, or the list in a file.
  ///
  /// - Throws: `Failure` of kind `missingInput` if it is neither, and as `init(contentsOfFile:)`.
  package init(_ nameOrPath: String) throws {
    if let list = Self.builtIn.first(where: { $0.name == nameOrPath }) {
      self = list
      return
    }
    guard Path.exists(nameOrPath) else {
      let names = Self.builtIn.map(\.name)
      let hint = NearestName.of(nameOrPath, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
      throw Failure(
        .missingInput,
        "\(nameOrPath): there is no such list of classes, expected \(names.dropLast().joined(separator: ", ")), "
          + "\(names.suffix(1).joined()), or the path of a JSON file with classes\(hint)")
    }
    try self.init(contentsOfFile: nameOrPath)
  }

  /// The list in a JSON file:
  ///
  /// ```
  /// {
  ///   "classes": [{"name": "sky", "color": [70, 130, 180]}, {"name": "l_eye", "color": [51, 51, 255]}, …],
  ///   "first_id": 0,
  ///   "ignore": 11,
  ///   "pairs": [["l_eye", "r_eye"]],
  ///   "remap": {"24": "sky", "30": "ignore"}
  /// }
  /// ```
  ///
  /// All keys but `classes` are optional. Ids in files count from `first_id`, 0 by default; `ignore` is the id of
  /// pixels that belong to no class, 255 by default; `pairs` are left and right classes; `remap` gives ids of the files
  /// the meaning of a class.
  ///
  /// - Throws: `Failure` of kind `missingInput` or `inputOutput` if the file cannot be read, `configuration` with the
  ///   line and the key if its contents are invalid.
  package init(contentsOfFile path: String) throws {
    let root = try JSONReader(JSONValue(configurationAt: path), source: path)
    try self.init(root, name: path)
    try root.finish()
  }

  /// The list in a JSON object of the same form as a file.
  ///
  /// - Throws: `Failure` of the reader's kind.
  package init(_ reader: JSONReader, name: String) throws {
    let classes = try Self.classes(of: reader)
    let firstID = try reader.integer("first_id", in: 0...Self.maximumCount - classes.count, default: 0)
    let ignoredID = try reader.integer("ignore", in: 0...255, default: Int(LabelMap.ignored))
    if (firstID..<firstID + classes.count).contains(ignoredID) {
      throw reader.failure(
        "`ignore`: expected an id beside those of the classes, \(firstID) to \(firstID + classes.count - 1), found \(ignoredID)"
      )
    }
    let list = LabelClasses(
      name: name, classes: classes, firstID: UInt8(firstID), ignoredID: UInt8(ignoredID))
    self.init(
      name: name, classes: classes, firstID: list.firstID, ignoredID: list.ignoredID,
      pairs: try list.pairs(of: reader),
      remap: try reader.value("remap").map { try LabelRemap($0.object(), classes: list) } ?? LabelRemap())
  }

  /// The list as a JSON object that has its name, too; `init(_:name:)` reads the rest of it.
  package var json: JSONValue {
    func className(_ value: UInt8) -> JSONValue { JSONValue(name(ofValue: value)) }
    let entries = classes.map { entry -> JSONValue in
      let color = [entry.color.red, entry.color.green, entry.color.blue].map { JSONValue(Int($0)) }
      return ["name": JSONValue(entry.name), "color": JSONValue(color)]
    }
    let pairs = self.pairs.map { JSONValue([className($0.left), className($0.right)]) }
    let remap = self.remap.values.sorted { $0.key < $1.key }.map { (key: String($0.key), value: className($0.value)) }
    return [
      "name": JSONValue(self.name), "classes": JSONValue(entries), "first_id": JSONValue(Int(firstID)),
      "ignore": JSONValue(Int(ignoredID)), "pairs": JSONValue(pairs), "remap": JSONValue(remap),
    ]
  }

  /// True for a built-in list.
  package var isBuiltIn: Bool { Self.builtIn.contains(self) }

  private static func classes(of reader: JSONReader) throws -> [LabelClass] {
    guard let field = reader.value("classes") else {
      throw reader.failure(
        "the key `classes` is missing, expected an array such as [{\"name\": \"sky\", \"color\": [70, 130, 180]}]")
    }
    var classes: [LabelClass] = []
    for element in try field.array(count: 1...maximumCount) {
      let entry = try element.object()
      let name = try entry.string("name")
      let levels = try entry.integers("color", count: 3...3, in: 0...255).map { UInt8($0) }
      let color = RGB(levels[0], levels[1], levels[2])
      if name.isEmpty || name == LabelRemap.ignoredName {
        throw element.failure("expected a name that is neither empty nor \"ignore\", found \"\(name)\"")
      }
      if classes.contains(where: { $0.name.hasSameBytes(as: name) }) {
        throw element.failure("expected a name of its own for each class, found \"\(name)\" twice")
      }
      if let other = classes.first(where: { $0.color == color }) {
        throw element.failure(
          "expected a color of its own for each class, found \(color) for \"\(name)\" and for \"\(other.name)\"")
      }
      classes.append(LabelClass(name: name, color: color))
    }
    return classes
  }

  /// The left and right classes; none of them twice.
  private func pairs(of reader: JSONReader) throws -> [Pair] {
    var used: Set<UInt8> = []
    return try reader.value("pairs")?.array().map { field in
      let sides = try field.array(count: 2...2).map { side in
        let name = try side.string()
        guard let index = index(named: name) else { throw unknown(name, side) }
        guard used.insert(index).inserted else {
          throw side.failure("expected each class at most once in the pairs, found \"\(name)\" twice")
        }
        return index
      }
      return Pair(left: sides[0], right: sides[1])
    } ?? []
  }
}

/// The remapping of a data set's ids to classes, where they differ from the list's own.
package struct LabelRemap: Equatable, Sendable {
  /// For each remapped id the index of a class, or `LabelMap.ignored`.
  private(set) var values: [UInt8: UInt8] = [:]

  /// The name of pixels that belong to no class.
  static let ignoredName = "ignore"

  /// No remapping: every id is the list's own.
  package init() {}

  /// An object such as `{"11": "ignore", "24": "Person"}`.
  ///
  /// - Throws: `Failure` of the reader's kind that names the key, for an invalid id or an unknown class.
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

  /// Both remappings; where both have an id, the other one's.
  package func merging(_ other: LabelRemap) -> LabelRemap {
    var both = self
    both.values.merge(other.values) { _, new in new }
    return both
  }
}

extension LabelClasses {
  /// The failure for an unknown class.
  ///
  /// - Parameter words: The other words that are accepted.
  func unknown(_ name: String, _ field: JSONField, beside words: [String] = []) -> Failure {
    let names = classes.map(\.name) + words
    let hint =
      NearestName.of(name, among: names).map { "; did you mean \"\($0)\"?" }
      ?? (count <= 20 ? "; the classes are " + classes.map { "\"\($0.name)\"" }.joined(separator: ", ") : "")
    let others = words.map { " or \"\($0)\"" }.joined()
    return field.failure("expected a class of \(self.name)\(others), found \"\(name)\"\(hint)")
  }
}
