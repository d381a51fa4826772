import ArgumentParser
import CommandLine
import InpaintingModels
import Support

/// `swift run convert`: converts weights between the layout of checkpoints and those of other programs.
@main
struct Convert: Command {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Converts weights from and to the layouts of other programs, bit for bit.",
    discussion: """
      Layouts: `kintsugi`, which is what checkpoints have here, and those of other programs:

      \(foreignLayouts)

      The layout that is read is recognized by the names of the tensors. What is written is a safetensors file; its \
      metadata says what it is. --color-order is that of the other program's file, whether it is read or written.

      Exit codes: 0 done, 64 usage, 65 bad data, 66 input missing, 70 a fault of ours, 74 reading or writing failed, 78 \
      bad configuration.
      """)

  /// The layouts of other programs, one per line: name, model and origin.
  private static var foreignLayouts: String {
    ModelRegistry.models.flatMap { model in
      model.configuration.weightLayouts.map { "`\($0.name)`, \(model.name): \($0.origin)" }
    }
    .joined(separator: "\n")
  }

  @OptionGroup
  var weights: WeightOptions

  @Option(help: "The layout to write: kintsugi, or one of those above.")
  var to: String

  @Option(help: "The file to write; one that is there is replaced.")
  var output: String

  @Flag(name: .customLong("generator-only"), help: "Write the network that fills pictures, and no other.")
  var generatorOnly = false

  func run() throws {
    let colorOrder = weights.colorOrder
    if let stray = try zip(weights.overrides, weights.assignments).first(where: {
      $0.0.keys.first != "model" || $0.0.keys.count < 2
    }) {
      throw Failure(.usage, "--set \(stray.1): expected a key of `model`, such as model.fuse=true.")
    }
    let source = try WeightSource(path: weights.weights)
    if source.isOwn && to == WeightLayout.ownName && colorOrder == .bgr {
      throw Failure(.usage, "--color-order bgr: expected none, as both files have red first; leave it out.")
    }
    let loaded = try weights.load(source, colorOrder: source.isOwn ? nil : colorOrder)
    print("read: \(loaded.path), \(loaded.description)")
    let order = to == WeightLayout.ownName ? ColorOrder.rgb : colorOrder ?? .rgb
    let conversion = try WeightConversion(loaded, to: to, colorOrder: order, generatorOnly: generatorOnly)
    for warning in conversion.warnings { Console.standardError.warn(warning) }
    try conversion.write(to: output)
    print("written: \(output), \(conversion.description)")
  }
}
