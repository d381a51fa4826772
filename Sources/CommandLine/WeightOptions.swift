public import ArgumentParser
package import InpaintingModels
package import Support

/// The option for weights, and those for reading them.
package struct WeightOptions: ParsableArguments {
  @Option(help: WeightReadingOptions.weightsHelp)
  package var weights: String

  @OptionGroup
  private var reading: WeightReadingOptions

  package init() {}

  package var colorOrder: ColorOrder? { reading.colorOrder }
  package var assignments: [String] { reading.assignments }

  package var overrides: [JSONOverride] {
    get throws { try reading.overrides }
  }

  package func load() throws -> LoadedModel { try reading.load(path: weights) }

  package func load(_ source: WeightSource, colorOrder: ColorOrder?) throws -> LoadedModel {
    try reading.load(source, colorOrder: colorOrder)
  }
}

/// The options for reading weights, for commands where weights are optional.
package struct WeightReadingOptions: ParsableArguments {
  /// The help of the option for weights.
  package static let weightsHelp = ArgumentHelp(
    "A checkpoint, a run directory, or a file of another program (.safetensors, .pth, .pt).", valueName: "path")

  @Option(
    name: [.customLong("color-order"), .customLong("colour-order")],
    help: "The colors of another program's weights, if their file does not say: rgb (the default) or bgr.")
  package var colorOrder: ColorOrder?

  @Flag(
    name: [.long, .customLong("ema")], inversion: .prefixedNo,
    help: "Take the moving average of the weights where a checkpoint has one (default: --average).")
  private var average: Bool?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Says how the weights were trained, where their layout suggests something else; may be repeated.",
      valueName: "model.key=JSON"))
  package private(set) var assignments: [String] = []

  package init() {}

  package var overrides: [JSONOverride] {
    get throws { try assignments.map { try JSONOverride(parsing: $0, from: Setting.overrides) } }
  }

  /// The first of these options that was given, with its value; nil if none was.
  package var firstGiven: String? {
    if let colorOrder { return "--color-order \(colorOrder.rawValue)" }
    if let average { return average ? "--average" : "--no-average" }
    return assignments.first.map { "\(Setting.overrides) \($0)" }
  }

  package func load(path: String) throws -> LoadedModel {
    try load(WeightSource(path: path), colorOrder: colorOrder)
  }

  package func load(_ source: WeightSource, colorOrder: ColorOrder?) throws -> LoadedModel {
    try LoadedModel(source, colorOrder: colorOrder, usesAverage: average ?? true, overrides: overrides)
  }
}

extension ColorOrder: ExpressibleByArgument {}
