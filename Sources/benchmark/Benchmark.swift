import ArgumentParser
import CommandLine
import Support
import Training

/// `Scripts/benchmark`: measures the speed of training and inference of a configuration on this machine.
@main
struct Benchmark: Command {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measures how fast a configuration trains and fills on this machine.",
    discussion: """
      The step is measured through the same code that `train` runs, the convolutions inside of it. Times are medians \
      after a warm-up. Use an idle machine.

      Exit codes are those of `train`; no time makes it fail.
      """)

  @Option(help: "The configuration: a path, or the name of one in Configs/.")
  var config = "deepfill_v2.json"

  @Option(help: "Pictures in a batch (default: 4).")
  var batch: Int?

  @Option(help: "The side of the pictures in pixels, with boxes as holes (default: the configuration's).")
  var size: Int?

  @Option(help: "Steps to measure, after the warm-up (default: 5).")
  var steps: Int?

  @Flag(help: "Two steps of two pictures of 64 x 64, unless other flags say more: to see that it works.")
  var quick = false

  @Flag(help: "Measure the step with 1, 2, 4 … threads, too.")
  var scaling = false

  @Flag(help: "Measure the matrix products of a step's convolutions on both back ends, too.")
  var gemm = false

  @Flag(
    help: "Measure steps of the processes that mpirun has started, and their exchange: see Scripts/benchmark --ranks.")
  var exchange = false

  @Flag(name: .customLong("fill-only"), help: "Measure nothing but filling a picture.")
  var fillOnly = false

  @Option(help: ArgumentHelp("Write the report as JSON, too.", valueName: "file"))
  var json: String?

  @OptionGroup
  var changes: ConfigurationOptions

  static func main() {
    exit(withCode: ProcessGroup.exitCode(report: report) { executed(speaks: $0.isFirst, settle: $0.settled) })
  }

  func validate() throws {
    if exchange && (fillOnly || scaling || gemm) {
      throw ValidationError(
        "--exchange: expected none of --fill-only, --scaling and --gemm, as it measures nothing else; leave them out.")
    }
    if fillOnly && (scaling || gemm || steps != nil) {
      throw ValidationError(
        "--fill-only: expected none of --scaling, --gemm and --steps, as it measures no steps; leave them out.")
    }
  }

  func run() throws {
    var options = BenchmarkOptions(spelling: Setting.asFlag)
    options.batch = batch
    options.size = size
    options.threads = changes.threads.threads
    options.steps = steps
    options.isQuick = quick
    options.measuresScaling = scaling
    options.measuresProducts = gemm
    options.fillsOnly = fillOnly
    options.overrides = try changes.overrides
    let path = try ConfigurationFile.locate(config)
    let benchmark = try TrainingBenchmark(JSONValue(configurationAt: path), source: path, options: options)
    let interruption = Interruption.bySignals()
    if exchange {
      let communicator = ProcessGroup.current
      guard
        let ranks = try benchmark.measureRanks(communicator, interruption: interruption, console: .commandLine)
      else { return try interruption.throwIfRequested() }
      guard communicator.isFirst else { return }
      for line in ranks.lines { print(line) }
      if let json { try FileWriter.writeAtomically(ranks.json.write(pretty: true) + "\n", to: json) }
      return
    }
    guard let report = try benchmark.run(interruption: interruption) else {
      return try interruption.throwIfRequested()
    }
    for line in report.lines { print(line) }
    if let json { try FileWriter.writeAtomically(report.json.write(pretty: true) + "\n", to: json) }
  }
}
