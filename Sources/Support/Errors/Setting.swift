/// Something that whoever uses a library can set, as sentences name it: a property or a parameter to a program, a flag to
/// the person at a terminal.
package struct Setting: Hashable, Sendable {
  /// A setting's name in a sentence.
  package typealias Spelling = @Sendable (Setting) -> String

  /// The name of a property or parameter, such as `quality`; of a configuration's key its path, such as `losses.style`.
  package let name: String
  package let isConfigurationKey: Bool
  /// The value that a sentence speaks of, if it speaks of one.
  package let value: String?

  package init(_ name: String) { self.init(name, isConfigurationKey: false, value: nil) }

  private init(_ name: String, isConfigurationKey: Bool, value: String?) {
    self.name = name
    self.isConfigurationKey = isConfigurationKey
    self.value = value
  }

  /// A key of the configuration with a value for it.
  package static func key(_ path: String, _ value: String) -> Setting {
    Setting(path, isConfigurationKey: true, value: value)
  }

  func with(_ value: String?) -> Setting {
    Setting(name, isConfigurationKey: isConfigurationKey, value: value ?? self.value)
  }

  /// As a program has it: `quality`, `strategy: crop`, `losses.style=0`.
  package var inProgram: String {
    "`" + name + (value.map { (isConfigurationKey ? "=" : ": ") + $0 } ?? "") + "`"
  }
}

extension Setting {
  /// - Throws: `Failure` of the kind `usage` for a number that is not in the range.
  package func require(_ value: Int, in range: ClosedRange<Int>) throws {
    guard !range.contains(value) else { return }
    let limits =
      range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    throw Failure(.usage, sentence: "\(setting: self): expected a whole number of \(limits), found \(value).")
  }
}
