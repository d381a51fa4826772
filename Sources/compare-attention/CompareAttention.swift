import ArgumentParser
import CommandLine
import Foundation
import Support
import Tensors
import Training

/// `Scripts/compare-attention`: what every kind of attention costs, and what a generator learns with it.
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

  @Option(help: "Threads that compute (default: one a processor).")
  var threads: Int?

  @Option(help: "How often each cost is measured, after a first time that does not count.")
  var calls = 10

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Replaces one value of the configuration; may be repeated.", valueName: "path.to.key=JSON"))
  var overrides: [String] = []

  func run() throws {
    guard (1...10_000).contains(calls) else {
      throw Failure(.usage, "--calls: expected a whole number from 1 to 10000, found \(calls).")
    }
    let path = try ConfigurationFile.locate(config)
    var json = try JSONValue(configurationAt: path)
    for assignment in overrides { try JSONOverride(parsing: assignment).apply(to: &json) }
    for (flag, key, value) in [("--steps", "steps", steps), ("--threads", "threads", threads)] {
      guard let value else { continue }
      try JSONOverride(flag: flag, path: "training." + key, value: JSONValue(value)).apply(to: &json)
    }
    let comparison = try AttentionComparison(json, source: path, folder: output, kinds: only, calls: calls)
    let interruption = Interruption()
    interruption.listen()
    guard let lines = try comparison.run(data: data, interruption: interruption) else {
      throw ExitCode(128 + (interruption.requested ?? 0))
    }
    for line in lines { print(line) }
    print("page: \(output)/comparison.html")
  }
}
