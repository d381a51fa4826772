import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import CommandLine
@testable import Support
@testable import Training

/// Signals that a process sends itself. Each test has a process of its own.
struct SignalsTests {
  private static let configuration = """
    {
      "model": { "name": "deepfill_v2", "width": 4, "discriminator_width": 4 },
      "data": { "size": 32, "validation_count": 1, "workers": 1 },
      "holes": { "kind": "box" },
      "training": {
        "batch_size": 1, "steps": 4, "checkpoint_every": 0, "sample_every": 0, "validate_every": 0, "threads": 1
      }
    }
    """

  /// Sends a signal and waits until it was handled, or long enough for that.
  private static func send(_ number: Int32, until isHandled: () -> Bool = { false }) {
    kill(getpid(), number)
    for _ in 0..<50 where !isHandled() { usleep(10_000) }
  }

  /// Trains after a signal, and ends as `train` does.
  private static func train(in folder: String, after number: Int32) throws -> Never {
    let interruption = Interruption.bySignals()
    send(number)
    _ = try Training.train(
      TrainingConfiguration(text: configuration), directory: folder, interruption: interruption, isSilent: true)
    do { try interruption.throwIfRequested() } catch let code as ExitCode { exit(code.rawValue) }
    exit(0)
  }

  @Test func `SIGHUP, SIGTERM and Ctrl-C write a checkpoint and end with their codes`() async throws {
    let folder = try TemporaryFolder()
    await #expect(processExitsWith: .exitCode(129)) { [path = folder.file("1") as String] in
      try Self.train(in: path, after: 1)
    }
    await #expect(processExitsWith: .exitCode(143)) { [path = folder.file("15") as String] in
      try Self.train(in: path, after: 15)
    }
    await #expect(processExitsWith: .exitCode(130)) { [path = folder.file("2") as String] in
      try Self.train(in: path, after: 2)
    }
    for run in ["1", "15", "2"] {
      #expect(
        try FileReader.names(in: folder.file(run + "/checkpoints")) == ["latest", "step-00000000.safetensors"])
    }
  }

  @Test func `SIGUSR1 writes a checkpoint, SIGUSR2 samples too, and the run goes on to its end`() async throws {
    let folder = try TemporaryFolder()
    await #expect(processExitsWith: .exitCode(0)) { [path = folder.file("a") as String] in
      try Self.train(in: path, after: SIGUSR1)
    }
    await #expect(processExitsWith: .exitCode(0)) { [path = folder.file("b") as String] in
      try Self.train(in: path, after: SIGUSR2)
    }
    for run in ["a", "b"] {
      #expect(
        try FileReader.names(in: folder.file(run + "/checkpoints")) == [
          "latest", "step-00000001.safetensors", "step-00000004.safetensors",
        ])
    }
    #expect(try FileReader.names(in: folder.file("a/samples")).isEmpty)
    #expect(try FileReader.names(in: folder.file("b/samples")) == ["step-00000001.png"])
  }

  @Test func `a second SIGTERM ends at once, and SIGHUP hurries nobody`() async {
    await #expect(processExitsWith: .exitCode(143)) {
      let interruption = Interruption.bySignals()
      Self.send(SIGTERM) { interruption.requested != nil }
      Self.send(SIGTERM)
      exit(0)
    }
    await #expect(processExitsWith: .exitCode(0)) {
      let interruption = Interruption.bySignals()
      for number in [SIGHUP, SIGHUP, SIGTERM, SIGHUP] { Self.send(number) }
      exit(interruption.requested == SIGTERM ? 0 : 1)
    }
  }

  @Test func `a closed pipe and a file beyond the limit are failures, and end nothing`()
    async throws
  {
    let folder = try TemporaryFolder()
    await #expect(processExitsWith: .exitCode(0)) { [path = folder.file("a") as String] in
      // Who starts the tests may ignore them, and the thread of this test block them.
      var both = sigset_t()
      sigemptyset(&both)
      for number in [SIGPIPE, SIGXFSZ] {
        signal(number, SIG_DFL)
        sigaddset(&both, number)
      }
      pthread_sigmask(SIG_UNBLOCK, &both, nil)
      _ = Interruption.bySignals()
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      close(ends[0])
      guard write(ends[1], "a", 1) == -1, errno == EPIPE else { exit(1) }
      var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      do {
        try FileWriter.writeAtomically([UInt8](repeating: 1, count: 2000), to: path)
      } catch let failure as Failure where failure.kind == .inputOutput { exit(0) }
      exit(2)
    }
  }

  @Test func `what nohup has started outlives its terminal`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      signal(SIGHUP, SIG_IGN)
      let interruption = Interruption.bySignals()
      Self.send(SIGHUP)
      exit(interruption.requested == nil ? 0 : 1)
    }
  }
}
