import ArgumentParser
import CommandLine
import Support
import Training

/// `Scripts/compare-attention`: trains one generator with each kind of attention, and compares the results and the cost of
/// the attention layers.
@main
struct CompareAttention: Command {
  static let configuration = CommandConfiguration(
    commandName: "compare-attention",
    abstract: "Compares every kind of attention on equal terms.",
    discussion: """
      The same small generator is trained with each kind at its usual place, and with none, from the same seed and on \
      the same pictures. Then each kind's cost is measured by itself. The table goes to standard output; \
      comparison.html, with pictures of where missing pixels look, and comparison.md go into the output folder, where \
      the runs are kept: called again, it goes on where it stopped.

      Exit codes are those of `train`.
      """)

  @Option(help: "The configuration of the generator: a path, or the name of one in Configs/.")
  var config = "attention_comparison.json"

  @Option(help: "What fillings are measured on: a folder of pictures, a list file, or `procedural`.")
  var data = "procedural"

  @Option(help: "The folder for the runs and the page.")
  var output = "runs/attention_comparison"

  @Option(help: "Compare this kind, or `none`; may be repeated (default: all).")
  var only: [String] = []

  @Option(help: "Training steps for each (default: the configuration's).")
  var steps: Int?

  @Option(help: "How often each cost is measured, after a first time that does not count.")
  var calls = 10

  @OptionGroup
  var changes: ConfigurationOptions

  func run() throws {
    try Setting("calls").require(calls, in: 1...10_000)
    let path = try ConfigurationFile.locate(config)
    let json = try changes.configuration(
      at: path, flags: [("steps", "training.steps", steps.map { JSONValue($0) })])
    let comparison = try AttentionComparison(json, source: path, folder: output, kinds: only, calls: calls)
    let interruption = Interruption.bySignals()
    guard let lines = try comparison.run(data: data, interruption: interruption) else {
      return try interruption.throwIfRequested()
    }
    for line in lines { print(line) }
    print("page: \(output)/comparison.html")
  }
}
