import ArgumentParser
import CommandLine
import Dispatch
import Foundation
import Inpainting
import InpaintingModels
import Studio
import Support

/// `swift run studio`: a local web server with a page for painting holes and filling them, which runs until Ctrl-C.
@main
struct StudioCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "studio",
    abstract: "Opens a page on this machine for painting holes and seeing them filled.",
    discussion: """
      Without weights the page fills by classical methods; --weights may be repeated, and every run under --runs is offered \
      with its newest, its best and all kept checkpoints. With --watch the page follows a run while it trains, and fills \
      your picture anew with each checkpoint.

      The studio listens on this machine only, unless --host says otherwise; then it prints a token, without which nobody \
      gets in. It writes no files, and gives way to other work (--priority normal does not).

      Exit codes: 64 usage, 66 input missing, 74 the port is taken; Ctrl-C ends it.
      """)

  @Option(
    help: ArgumentHelp(
      "Weights to offer: a checkpoint, a run directory, or a file of another program; may be repeated.",
      valueName: "path"))
  var weights: [String] = []

  @OptionGroup
  var reading: WeightReadingOptions

  @Option(help: "The folder of runs to offer (default: runs, if there is one).")
  var runs: String?

  @Option(help: ArgumentHelp("A run directory to follow while it trains.", valueName: "run"))
  var watch: String?

  @Option(help: "The address to listen at.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen at; 0 takes any that is free.")
  var port = 8190

  @Option(help: "The fillings that may wait while one is made.")
  var queue = 8

  @Option(help: "The largest picture that is accepted, in millions of pixels.")
  var maxMegapixels = 100

  @Option(help: "low gives way to other work on this machine, such as a training; normal does not.")
  var priority = Priority.low

  @OptionGroup
  var threads: ThreadOptions

  enum Priority: String, CaseIterable, ExpressibleByArgument {
    case low, normal
  }

  func run() throws {
    // Threads inherit the priority of the thread that creates them: it is lowered before any are created.
    if priority == .low { _ = nice(10) }
    try threads.apply()
    var options = Studio.Options()
    options.host = host == "localhost" ? "127.0.0.1" : host
    options.port = port
    options.weights = weights
    options.runs = runs ?? (Path.isFolder("runs") ? "runs" : nil)
    options.watched = watch
    options.queueLimit = queue
    options.maxMegapixels = maxMegapixels
    let studio = try Studio(options) { [reading] path in Inpainter(try reading.load(path: path)) }
    // `print` into a pipe is buffered, and the address would appear late; a console writes at once.
    Console(descriptor: STDOUT_FILENO).write(line: "The studio is open at \(studio.address)")
    try wait { try await studio.run() }
  }

  /// Runs an asynchronous function to its end while this thread blocks, and throws its error.
  private func wait(_ body: @escaping @Sendable () async throws -> Void) throws {
    let end = DispatchSemaphore(value: 0)
    let failure = Ending()
    Task {
      do { try await body() } catch { failure.set(error) }
      end.signal()
    }
    end.wait()
    if let error = failure.error { throw error }
  }
}

/// The error that ended a task.
private final class Ending: @unchecked Sendable {
  // Written before the semaphore is signaled, and read after the wait.
  private(set) var error: (any Error)?

  func set(_ error: any Error) { self.error = error }
}
