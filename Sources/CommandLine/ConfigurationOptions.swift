package import ArgumentParser
package import Support

/// The options of every command with a configuration, which override its values.
package struct ConfigurationOptions: ParsableArguments {
  @OptionGroup
  package var threads: ThreadOptions

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Replaces one value of the configuration; may be repeated.", valueName: "path.to.key=JSON"))
  private var assignments: [String] = []

  package init() {}

  /// The overrides by `--set`, in their order.
  package var overrides: [JSONOverride] {
    get throws { try assignments.map { try JSONOverride(parsing: $0, from: Setting.overrides) } }
  }

  /// A configuration from a file with the overrides of the command line; `--set` takes precedence.
  ///
  /// - Parameter flags: The command's own flags that stand for one key, without their hyphens.
  package func configuration(at path: String, flags: [(name: String, key: String, value: JSONValue?)]) throws
    -> JSONValue
  {
    var json = try JSONValue(configurationAt: path)
    let all = flags + [("threads", "training.threads", threads.threads.map { JSONValue($0) })]
    let own = all.compactMap { flag in
      flag.value.map { JSONOverride(label: Setting.asFlag(Setting(flag.name)), path: flag.key, value: $0) }
    }
    for change in try own + overrides { try change.apply(to: &json) }
    return json
  }
}
