import ArgumentParser
import CommandLine
import Imaging
import InpaintingModels
import Support
import Tensors
import Training

/// `swift run train`: trains an inpainting network, or resumes a run. `--help` lists the exit codes.
@main
struct Train: Command {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains an inpainting network.",
    discussion: """
      Pictures: --data names a folder (searched to any depth), a list file (.txt or .flist, one path a line), or \
      `procedural` or `procedural_landscapes`, the built-in pictures.

      Signals: Ctrl-C, SIGTERM and SIGHUP (a terminal that is closed) finish the step, write a checkpoint and stop; a \
      second Ctrl-C or SIGTERM stops at once. SIGUSR1 writes a checkpoint after the step and goes on, SIGUSR2 a sheet of \
      samples, too. If a run fails between two steps, as on a full disk, the weights of the last step are saved first, if \
      possible; after a loss that is not finite the last checkpoint stays as it is.

      Several machines: mpirun -n 4 .build/debug/train --config … --set training.leaves=4 trains in four processes, which \
      end with the same code; Configs/several_machines.md says more.

      Exit codes: 0 done, 64 usage, 65 bad data, 66 input missing, 70 a fault of ours, 73 the run exists already, or \
      another process is writing it, 74 reading or writing failed, 78 bad configuration, 129, 130 and 143 interrupted by \
      SIGHUP, Ctrl-C or SIGTERM, after a checkpoint was written.
      """)

  @Option(help: "The configuration: a path, or the name of one in Configs/.")
  var config: String

  @Option(help: "Pictures to train on, in place of the configuration's data.train or, with --resume, the run's own.")
  var data: String?

  @Option(name: .customLong("run-directory"), help: "Where the run is written (default: runs/<configuration's name>).")
  var runDirectory: String?

  @Flag(help: "Go on where the run stopped: from its newest intact checkpoint, or from the one named after the flag.")
  var resume = false

  @Argument(help: ArgumentHelp("With --resume: the checkpoint to go on from.", valueName: "checkpoint"))
  var checkpoint: String?

  @Option(
    name: .customLong("initial-weights"),
    help: "Weights that a new run starts from: a checkpoint, a run directory, or a file of another program.")
  var initialWeights: String?

  @Option(
    name: [.customLong("color-order"), .customLong("colour-order")],
    help: "The colors that the initial weights expect, if their file does not say: rgb (the default) or bgr.")
  var colorOrder: ColorOrder?

  @Option(help: "The step at which training ends, in place of training.steps.")
  var steps: Int?

  @Option(
    name: .customLong("max-minutes"),
    help: "Stop with a checkpoint after so many minutes of training; --resume goes on from there.")
  var maxMinutes: Double?

  @Option(help: "The seed of all random numbers, in place of training.seed.")
  var seed: Int?

  @OptionGroup
  var changes: ConfigurationOptions

  @Option(
    name: .customLong("preview-data"),
    help: ArgumentHelp(
      "Write a sheet of 16 examples (picture, hole, labels, edges) and print what they are like; train nothing.",
      valueName: "sheet.png"))
  var previewData: String?

  @Flag(
    name: .customLong("dry-run"),
    help: "Print the model, a check of the data, and the memory and time of a run; train nothing.")
  var dryRun = false

  static func main() {
    exit(withCode: ProcessGroup.exitCode(report: report) { executed(speaks: $0.isFirst, settle: $0.settled) })
  }

  func validate() throws {
    if checkpoint != nil && !resume {
      throw ValidationError("\(checkpoint ?? ""): expected no argument; a checkpoint can be named after --resume only.")
    }
    if initialWeights != nil && resume {
      throw ValidationError(
        "--initial-weights: expected none, as --resume goes on with a run, and they start a new one; leave one of them out."
      )
    }
    if dryRun && previewData != nil {
      throw ValidationError("--dry-run: expected no --preview-data, as each trains nothing; leave one of them out.")
    }
    if let maxMinutes, !(maxMinutes > 0 && maxMinutes < 1e9) {
      throw ValidationError("--max-minutes: expected a number above 0, found \(maxMinutes).")
    }
    if colorOrder != nil && initialWeights == nil {
      throw ValidationError(
        "--color-order: expected --initial-weights, which it says how to read, found none; name them, or leave it out.")
    }
  }

  func run() throws {
    let path = try ConfigurationFile.locate(config)
    let directory = RunDirectory(runDirectory ?? "runs/" + ConfigurationFile.runName(ofPath: path))
    let (configuration, remarks) = try configuration(at: path, directory: directory)
    if ProcessGroup.current.isFirst {
      for remark in remarks { Console.commandLine.write(line: "data       " + remark) }
    }
    let communicator = ProcessGroup.current
    let start =
      try communicator.isFirst
      ? initialWeights.map { try LoadedModel(path: $0, colorOrder: colorOrder) } : nil
    guard !(dryRun || previewData != nil) || communicator.isFirst else { return }
    if dryRun {
      for line in try DryRun(configuration, directory: directory, initialWeights: start).lines { print(line) }
      return
    }
    if let previewData {
      let preview = try DataPreview(configuration, console: .commandLine)
      try preview.sheet.write(to: previewData)
      for line in preview.lines { print(line) }
      return
    }
    // With several ranks, the signal handlers print nothing: a signal takes effect once all ranks have exchanged it.
    let interruption = Interruption.bySignals(console: communicator.count > 1 ? .silent : .standardError)
    let run = try TrainingRun(
      configuration, directory: directory, resume: resume ? checkpoint.map { .file($0) } ?? .newest : nil,
      initialWeights: start, timeLimit: maxMinutes.map { .seconds($0 * 60) }, communicator: communicator,
      interruption: interruption, console: .commandLine)
    let outcome = try run.run()
    if case .interrupted(let number) = outcome {
      if communicator.isFirst { for line in run.summary { print(line) } }
      throw ExitCode(128 + number)
    }
    guard communicator.isFirst else { return }
    for line in run.summary { print(line) }
    if let maxMinutes, outcome == .timeIsUp {
      print("stopped after \(maxMinutes.formatted()) minutes: --resume goes on from here")
    }
  }

  /// Reads a configuration file and applies the overrides of the command line. A resumed run keeps the pictures in its
  /// `config.json`, unless others are named.
  ///
  /// - Returns: The configuration, and remarks on pictures that were kept from the run in place of those in the file.
  func configuration(
    at path: String, directory: RunDirectory
  ) throws -> (configuration: TrainingConfiguration, remarks: [String]) {
    // Rank 0 reads the run directory and broadcasts the settings: other machines need not have it.
    let kept = resume ? try RunPictures(of: directory, ProcessGroup.current) : nil
    let json = try changes.configuration(
      at: path,
      flags: (kept?.values ?? []).map { ("data", $0.key, $0.value) } + [
        ("data", "data.train", data.map { JSONValue($0) }), ("steps", "training.steps", steps.map { JSONValue($0) }),
        ("seed", "training.seed", seed.map { JSONValue($0) }),
      ])
    let configuration = try TrainingConfiguration(json, source: path)
    return (configuration, try kept?.remarks(on: configuration, madeOf: JSONValue(configurationAt: path)) ?? [])
  }
}
