/// The syntax that is accepted in a JSON text, and the limits of its size.
package struct JSONDialect: Sendable {
  /// `//` and `/* */` comments, a comma after the last member, and a byte order mark at the start.
  package let allowsComments: Bool
  /// The depth to which arrays and objects may nest.
  let maximumDepth = 64
  /// The most values that a text may hold: a hostile header of 100 MB must not ask for gigabytes.
  let maximumValues = 4_000_000

  /// RFC 8259 and nothing else.
  package static let strict = JSONDialect(allowsComments: false)
  /// For people: comments and trailing commas are allowed.
  package static let configuration = JSONDialect(allowsComments: true)
}

extension JSONValue {
  /// Reads one value from a text.
  ///
  /// Repeated keys (compared as UTF-8 bytes), invalid UTF-8, unpaired surrogates, `NaN`, numbers beyond 64-bit reals,
  /// nesting deeper than 64 and anything after the value are refused.
  ///
  /// - Parameters:
  ///   - source: What messages call the text: a path, mostly.
  ///   - kind: The kind of the failures.
  /// - Throws: A `Failure` of that kind, naming source, line and column.
  package init(
    parsing text: [UInt8], as dialect: JSONDialect, source: String, kind: Failure.Kind
  ) throws {
    var scanner = JSONScanner(text, dialect: dialect, source: source, kind: kind)
    self = try scanner.document()
  }

  /// Reads a configuration file of at most 16 MB.
  ///
  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `configuration` if it is no JSON object.
  package init(configurationAt path: String) throws {
    try self.init(configuration: FileReader.read(path, limit: 16 << 20), source: path)
  }

  /// Reads a configuration from text. What is no object is refused here, before anything is changed in it.
  ///
  /// - Throws: `Failure` of the kind `configuration`.
  package init(configuration text: [UInt8], source: String) throws {
    try self.init(parsing: text, as: .configuration, source: source, kind: .configuration)
    guard members != nil else {
      throw Failure(
        .configuration,
        "\(position.location(in: source)): expected the configuration to be an object, found \(excerpt)")
    }
  }
}
