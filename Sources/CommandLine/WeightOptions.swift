import ArgumentParser
import InpaintingModels
import Support

/// The weights that are read, and the way of reading them.
package struct WeightOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A checkpoint, a run directory, or a file of another program (.safetensors, .pth, .pt).", valueName: "path"))
  package var weights: String

  @Option(
    name: .customLong("colour-order"),
    help: "The colours of another program's weights, if their file does not say: rgb (the default) or bgr.")
  package var colourOrder: ColourOrder?

  @Flag(
    name: [.long, .customLong("ema")], inversion: .prefixedNo,
    help: "Take the moving average of the weights where a checkpoint has one.")
  private var average = true

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

  package func load() throws -> LoadedModel {
    try load(WeightSource(path: weights), colourOrder: colourOrder)
  }

  package func load(_ source: WeightSource, colourOrder: ColourOrder?) throws -> LoadedModel {
    try LoadedModel(source, colourOrder: colourOrder, usesAverage: average, overrides: overrides)
  }
}

extension ColourOrder: ExpressibleByArgument {}
