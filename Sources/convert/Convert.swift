import ArgumentParser
import CommandLine
import InpaintingModels
import Support
import Tensors

/// `swift run convert`: writes weights in the layout of another program, or brings its weights here.
@main
struct Convert: Command {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Converts weights from and to the layouts of other programs, bit for bit.",
    discussion: """
      Layouts: `kintsugi`, which is what checkpoints have here, and those of other programs:

      \(foreignLayouts)

      The layout that is read is recognised by the names of the tensors. What is written is a safetensors file; its \
      metadata says what it is.

      Exit codes: 0 done, 64 usage, 65 bad data, 66 input missing, 70 a fault of ours, 74 reading or writing failed, 78 \
      bad configuration.
      """)

  /// A line a layout: its name, the model, and whose it is.
  private static var foreignLayouts: String {
    ModelRegistry.models.flatMap { model in
      model.configuration.weightLayouts.map { "`\($0.name)`, \(model.name): \($0.origin)" }
    }
    .joined(separator: "\n")
  }

  @Option(help: "A checkpoint, a run directory, or a file of another program (.safetensors, .pth, .pt).")
  var weights: String

  @Option(help: "The layout to write: kintsugi, or one of those above.")
  var to: String

  @Option(help: "The file to write; one that is there is replaced.")
  var output: String

  @Option(
    name: .customLong("colour-order"),
    help: """
      The colours of the other program's file, whether it is read or written: rgb (the default) or bgr. Files that \
      were converted say it themselves.
      """)
  var colourOrder: ColourOrder?

  @Flag(inversion: .prefixedNo, help: "Take the moving average of the weights where a checkpoint has one.")
  var average = true

  @Flag(name: .customLong("generator-only"), help: "Write the network that fills pictures, and no other.")
  var generatorOnly = false

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Says how the weights were trained, where their layout suggests something else; may be repeated.",
      valueName: "model.key=JSON"))
  var overrides: [String] = []

  func run() throws {
    let changes = try overrides.map(JSONOverride.init(parsing:))
    if let stray = zip(changes, overrides).first(where: { $0.0.keys.first != "model" || $0.0.keys.count < 2 }) {
      throw Failure(.usage, "--set \(stray.1): expected a key of `model`, such as model.fuse=true.")
    }
    let source = try WeightSource(path: weights)
    if source.isOwn && to == WeightLayout.ownName && colourOrder == .bgr {
      throw Failure(.usage, "--colour-order bgr: both files have red first.")
    }
    let loaded = try LoadedModel(
      source, colourOrder: source.isOwn ? nil : colourOrder, usesAverage: average, overrides: changes)
    print("read: \(loaded.path), \(loaded.description)")
    let order = to == WeightLayout.ownName ? ColourOrder.rgb : colourOrder ?? .rgb
    let conversion = try WeightConversion(loaded, to: to, colourOrder: order, generatorOnly: generatorOnly)
    for warning in conversion.warnings { Console.standardError.warn(warning) }
    try conversion.write(to: output)
    print("written: \(output), \(conversion.description)")
  }
}
