package import Support

/// The flags for settings of the libraries.
extension Setting {
  /// The flag of a setting, with its value if the message mentions one: `--quality`, `--hole-is alpha`, `--set
  /// losses.style=0`.
  package static let asFlag: Spelling = { setting in
    if setting.isConfigurationKey { return overrides + " " + setting.name + (setting.value.map { "=" + $0 } ?? "") }
    // A Boolean flag has no value.
    let value = setting.value.flatMap { $0 == "true" ? nil : " " + $0 } ?? ""
    return "--" + (otherFlags[setting.name] ?? hyphenated(setting.name)) + value
  }

  /// The flag that replaces a value of a configuration.
  static let overrides = "--set"

  /// Settings whose flags have other names.
  private static let otherFlags = [
    "convention": "hole-is", "overwrites": "overwrite", "directory": "run-directory", "pasting": "paste",
    "parts": "show",
  ]

  /// The name of a flag of several words: `initialWeights` is `initial-weights`.
  private static func hyphenated(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
  }
}
