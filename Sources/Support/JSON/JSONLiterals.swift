// Values are written in Swift as they would be in JSON: `["steps": 100, "flip": true]`, in that order.

extension JSONValue {
  package init(_ value: Bool) {
    self.init(.boolean(value))
  }

  /// A number without a fraction.
  package init(_ value: Int) {
    self.init(.number(JSONNumber(value)))
  }

  /// Infinities and what is not a number become `null`, as JSON has no words for them.
  package init(_ value: Double) {
    self.init(JSONNumber(value).map(Content.number) ?? .null)
  }

  package init(_ value: String) {
    self.init(.string(value))
  }

  /// An array.
  package init(_ values: [JSONValue]) {
    self.init(.array(values))
  }

  /// An object, its keys in the order given.
  ///
  /// - Precondition: no key repeats.
  package init(_ members: [(key: String, value: JSONValue)]) {
    var seen = Set<ByteString>()
    self.init(
      .object(
        members.map { key, value in
          precondition(seen.insert(ByteString(key)).inserted, "JSONValue: the key \"\(key)\" is given twice")
          return JSONMember(key: key, value: value)
        }))
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(nilLiteral: ()) {
    self.init(.null)
  }

  package init(booleanLiteral value: Bool) {
    self.init(value)
  }

  package init(integerLiteral value: Int) {
    self.init(value)
  }

  package init(floatLiteral value: Double) {
    self.init(value)
  }

  package init(stringLiteral value: String) {
    self.init(value)
  }

  package init(arrayLiteral values: JSONValue...) {
    self.init(values)
  }

  /// An object in the order written.
  ///
  /// - Precondition: no key repeats.
  package init(dictionaryLiteral members: (String, JSONValue)...) {
    self.init(members.map { (key: $0.0, value: $0.1) })
  }
}
