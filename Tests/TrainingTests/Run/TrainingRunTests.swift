import Foundation
import InpaintingModels
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

@Suite(.serialized) struct TrainingRunTests {
  @Test func `a run leaves its configuration, metrics, checkpoints, samples and events`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    #expect(try SmallRun().train(in: path) == .finished)
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(names.prefix(3) == ["checkpoints", "config.json", "events.out" + names[2].dropFirst(10)])
    #expect(names.suffix(2) == ["metrics.jsonl", "samples"])
    #expect(try FileReader.names(in: path + "/samples").filter { $0.hasSuffix(".png") }.count == 3)
    let link = try FileManager.default.destinationOfSymbolicLink(atPath: path + "/checkpoints/latest")
    #expect(link == "step-00000008.safetensors")

    let lines = try String(contentsOfFile: path + "/metrics.jsonl", encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 8)
    let last = try JSONValue(parsing: Array(lines[7].utf8), as: .strict, source: "metrics", kind: .data)
    let keys =
      [
        "step", "seconds", "images_per_second", "data_wait_seconds", "discriminator", "real_score", "fake_score",
        "generator", "adversarial", "coarse", "refined", "validation/psnr", "validation/l1",
        "validation/psnr_mean_color", "validation/l1_mean_color", "validation/psnr_harmonic",
        "validation/l1_harmonic",
      ] + (1...6).map { "validation/spectral_norm/discriminator.conv\($0)" }
    #expect(last.members?.map(\.key) == keys)
  }

  @Test func `a resumed run writes the same checkpoints bit for bit, with another number of threads too`() throws {
    let folder = try TemporaryFolder()
    try SmallRun("training.threads=2").train(in: folder.file("straight"))
    try SmallRun("training.steps=3", "training.threads=1").train(in: folder.file("broken"))
    try SmallRun("training.threads=2", "data.workers=2").train(in: folder.file("broken"), resume: .newest)
    for step in [4, 6, 8] {
      #expect(
        try SmallRun.checkpoint(folder.file("straight"), step: step)
          == SmallRun.checkpoint(folder.file("broken"), step: step))
    }
    let lines = try folder.text(of: "broken/metrics.jsonl").split(separator: "\n")
    #expect(lines.count == 8)
  }

  @Test func `a batch for each update also resumes bit for bit`() throws {
    let folder = try TemporaryFolder()
    let own = "training.shared_batch=false"
    try SmallRun(own).train(in: folder.file("straight"))
    try SmallRun(own, "training.steps=4").train(in: folder.file("broken"))
    try SmallRun(own).train(in: folder.file("broken"), resume: .newest)
    let straight = try SmallRun.checkpoint(folder.file("straight"), step: 8)
    #expect(try SmallRun.checkpoint(folder.file("broken"), step: 8) == straight)
    try SmallRun().train(in: folder.file("shared"))
    #expect(try SmallRun.checkpoint(folder.file("shared"), step: 8) != straight)
  }

  @Test func `the best checkpoint stays beside the newest, through a resumption too`() throws {
    let folder = try TemporaryFolder()
    let own = [
      "training.keep_best=psnr", "training.keep_checkpoints=1", "training.validate_every=1",
      "training.checkpoint_every=0",
      "training.steps=8", "optimizers.generator.learning_rate=0.05",
    ]
    try SmallRun(own).train(in: folder.file("straight"))
    try SmallRun(own + ["training.steps=5"]).train(in: folder.file("broken"))
    try SmallRun(own).train(in: folder.file("broken"), resume: .newest)
    for name in ["straight", "broken"] {
      let values = try folder.text(of: name + "/metrics.jsonl").split(separator: "\n").map { line in
        let json = try JSONValue(parsing: Array(line.utf8), as: .strict, source: "metrics", kind: .data)
        guard case .number(let psnr)? = json["validation/psnr"]?.content else { return -1.0 }
        return psnr.real
      }
      let best = try #require(values.indices.max { values[$0] < values[$1] }) + 1
      // Otherwise it would be the newest itself.
      #expect(values.count == 8 && best < 8)
      let file = CheckpointStore.name(step: best) + ".safetensors"
      let checkpoints = folder.file(name + "/checkpoints")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: checkpoints + "/best") == file)
      #expect(try FileReader.names(in: checkpoints).sorted() == ["best", "latest", file, "step-00000008.safetensors"])
      #expect(try LoadedModel(path: checkpoints + "/best").hash == LoadedModel(path: checkpoints + "/" + file).hash)
    }
  }

  @Test func `a best checkpoint needs validations`() {
    for change in ["training.validate_every=0", "data.validation_count=0"] {
      let failure = failure { _ = try SmallRun("training.keep_best=l1", change) }
      #expect(failure?.kind == .configuration && failure?.message.contains("compares validations") == true)
    }
  }

  @Test func `a run whose time is up leaves a checkpoint, and goes on with the same bits`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    let run = try TrainingRun(
      SmallRun().configuration, directory: RunDirectory(path), timeLimit: .nanoseconds(1), console: .silent)
    #expect(try run.run() == .timeIsUp)
    #expect(try FileReader.names(in: path + "/checkpoints").contains("step-00000000.safetensors"))
    try SmallRun().train(in: path, resume: .newest)
    try SmallRun().train(in: folder.file("straight"))
    #expect(try SmallRun.checkpoint(path, step: 8) == SmallRun.checkpoint(folder.file("straight"), step: 8))
  }

  @Test func `a damaged newest checkpoint is passed over for the one before`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    try SmallRun().train(in: path)
    let whole = try SmallRun.checkpoint(path, step: 8)
    let newest = path + "/checkpoints/step-00000008.safetensors"
    var flipped = whole
    flipped[flipped.count - 5] ^= 1
    for damaged in [Array(whole.prefix(whole.count / 2)), flipped, []] {
      try Data(damaged).write(to: URL(fileURLWithPath: newest))
      try SmallRun().train(in: path, resume: .newest)
      #expect(try SmallRun.checkpoint(path, step: 8) == whole)
    }
  }

  @Test func `a new run never touches an old one`() throws {
    let folder = try TemporaryFolder()
    try SmallRun("training.steps=2").train(in: folder.file("run"))
    let failure = failure { try SmallRun().train(in: folder.file("run")) }
    #expect(failure?.kind == .exists)
    #expect(failure?.message.contains("`resume`") == true && failure?.message.contains("`directory`") == true)
  }

  @Test func `there must be a run to resume`() throws {
    let folder = try TemporaryFolder()
    #expect(failure { try SmallRun().train(in: folder.file("none"), resume: .newest) }?.kind == .missingInput)
  }

  @Test func `keys that there were not yet when a checkpoint was written have their defaults`() throws {
    func older(than run: SmallRun) -> JSONValue {
      run.configuration.arithmetic.removing([
        ["model", "attention"], ["model", "hole_reduction"], ["training", "leaves"],
      ])
    }
    let run = try SmallRun()
    #expect(run.configuration.changes(since: older(than: run), step: 0).values.isEmpty)
    // What is not the default is a difference.
    let changed = try SmallRun("model.attention=[]")
    let changes = changed.configuration.changes(since: older(than: changed), step: 0).values
    #expect(changes.map(\.path) == ["model.attention"])
  }

  @Test func `leaves resume bit for bit, and others than a checkpoint's are said`() throws {
    let folder = try TemporaryFolder()
    let own = ["training.batch_size=6", "training.leaves=3", "training.sample_every=0", "training.steps=4"]
    try SmallRun(own).train(in: folder.file("straight"))
    try SmallRun(own + ["training.steps=2"]).train(in: folder.file("broken"))
    try SmallRun(own).train(in: folder.file("broken"), resume: .newest)
    let straight = try SmallRun.checkpoint(folder.file("straight"), step: 4)
    #expect(try SmallRun.checkpoint(folder.file("broken"), step: 4) == straight)
    let whole = try SmallRun("training.batch_size=6").configuration.arithmetic
    let changes = try whole.differences(
      from: SmallRun("training.batch_size=6", "training.leaves=3").configuration.arithmetic)
    #expect(changes.map(\.description) == ["training.leaves was 1 and is 3"])
  }

  @Test func `a checkpoint of another model is refused, naming what differs`() throws {
    let folder = try TemporaryFolder()
    try SmallRun("training.steps=2").train(in: folder.file("run"))
    let failure = failure { try SmallRun("model.width=8").train(in: folder.file("run"), resume: .newest) }
    #expect(failure?.kind == .configuration)
    #expect(failure?.message.contains("model.width was 4 and is 8") == true)
  }

  @Test func `an interruption finishes the step and saves it`() throws {
    let folder = try TemporaryFolder()
    let interruption = Interruption()
    interruption.request(15)
    #expect(
      try SmallRun("training.steps=100").train(in: folder.file("run"), interruption: interruption) == .interrupted(15))
    let link = folder.file("run/checkpoints/latest")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "step-00000000.safetensors")
  }

  @Test func `a checkpoint and samples may be asked for, and the run goes on`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    let interruption = Interruption()
    interruption.requestCheckpoint(samples: true)
    let never = ["training.checkpoint_every=0", "training.sample_every=0", "training.validate_every=0"]
    #expect(try SmallRun(never + ["training.steps=3"]).train(in: path, interruption: interruption) == .finished)
    #expect(
      try FileReader.names(in: path + "/checkpoints") == [
        "latest", "step-00000001.safetensors", "step-00000003.safetensors",
      ])
    #expect(try FileReader.names(in: path + "/samples") == ["step-00000001.png"])
    interruption.requestCheckpoint()
    try SmallRun(never + ["training.steps=5"]).train(in: path, resume: .newest, interruption: interruption)
    #expect(try FileReader.names(in: path + "/checkpoints").contains("step-00000004.safetensors"))
    #expect(try FileReader.names(in: path + "/samples").count == 1)
  }

  @Test func `where there is nothing to show, a wish for samples is answered`() throws {
    let folder = try TemporaryFolder()
    let pipe = Pipe()
    let console = Console(descriptor: pipe.fileHandleForWriting.fileDescriptor, isTerminal: false)
    let interruption = Interruption()
    interruption.requestCheckpoint(samples: true)
    let run = try TrainingRun(
      SmallRun("data.validation_count=0", "training.steps=2", "training.checkpoint_every=0").configuration,
      directory: RunDirectory(folder.file("run")), interruption: interruption, console: console)
    #expect(try run.run() == .finished)
    try pipe.fileHandleForWriting.close()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(said.contains("saved      \(folder.file("run"))/checkpoints/step-00000001.safetensors\n"))
    #expect(said.contains("warning: there are no pictures to validate on, and so no sheet of samples\n"))
  }

  @Test func `two never train in one folder`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    let first = try TrainingRun(
      SmallRun("training.steps=2").configuration, directory: RunDirectory(path), console: .silent)
    for resume in [nil, ResumeRequest.newest] {
      let second = failure { try SmallRun("training.steps=2").train(in: path, resume: resume) }
      #expect(second?.kind == .exists)
      #expect(second?.message.contains("process \(getpid()) on \(ProcessIdentity.hostName)") == true)
    }
    #expect(try first.run() == .finished)
    #expect(try !FileReader.names(in: path).contains("lock.json"))
    #expect(try SmallRun("training.steps=3").train(in: path, resume: .newest) == .finished)
  }

  @Test func `a run that was taken over while it was halted writes nothing more`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    try SmallRun("training.steps=2").train(in: path)
    let halted = try TrainingRun(
      SmallRun().configuration, directory: RunDirectory(path), resume: .newest, console: .silent)
    try FileWriter.writeAtomically(Self.other, to: path + "/lock.json")
    let metrics = try folder.text(of: "run/metrics.jsonl")
    let lost = failure { _ = try halted.run() }
    #expect(lost?.kind == .exists)
    #expect(lost?.message.contains("process 7 on vega has taken this run over") == true)
    #expect(lost?.message.hasSuffix("the checkpoint of step 2 is kept") == true)
    #expect(try folder.text(of: "run/metrics.jsonl") == metrics)
    #expect(try FileReader.read(path + "/lock.json") == Self.other)
  }

  /// The lock of a process elsewhere.
  private static let other = RunLockHolder(
    process: ProcessIdentity(number: 7, host: "vega", boot: "b", namespace: "n", start: 1), since: "now"
  ).bytes

  @Test func `a run that is taken over before its first step writes nothing`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    let run = try TrainingRun(SmallRun().configuration, directory: RunDirectory(path), console: .silent)
    try FileWriter.writeAtomically(Self.other, to: path + "/lock.json")
    #expect(failure { _ = try run.run() }?.kind == .exists)
    for name in ["samples", "checkpoints"] { #expect(try FileReader.names(in: path + "/" + name).isEmpty) }
  }

  @Test func `a run that is taken over between two steps saves nothing into the other's folder`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    let never = ["training.checkpoint_every=0", "training.sample_every=0", "training.validate_every=0"]
    try SmallRun(never + ["training.steps=2"]).train(in: path)
    let run = try TrainingRun(
      SmallRun(never + ["training.steps=2000"]).configuration, directory: RunDirectory(path), resume: .newest,
      console: .silent)
    Thread {
      func lines() -> Int { (try? FileReader.read(path + "/metrics.jsonl").count { $0 == UInt8(ascii: "\n") }) ?? 0 }
      let deadline = Date(timeIntervalSinceNow: 60)
      while lines() < 3 && Date() < deadline { usleep(1000) }
      try? FileWriter.writeAtomically(Self.other, to: path + "/lock.json")
    }.start()
    let lost = failure { _ = try run.run() }
    #expect(lost?.kind == .exists)
    #expect(lost?.message.hasSuffix("the checkpoint of step 2 is kept") == true)
    #expect(try FileReader.names(in: path + "/checkpoints") == ["latest", "step-00000002.safetensors"])
  }

  @Test func `a loss that is not finite stops the run before the optimizer sees it`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    try SmallRun("training.steps=2").train(in: path)
    let failure = failure {
      // Step 3 is finite and leaves weights behind that overflow.
      try SmallRun(
        "optimizers.generator.learning_rate=1e300", "training.checkpoint_every=0", "training.validate_every=0"
      )
      .train(in: path, resume: .newest)
    }
    #expect(failure?.kind == .data)
    #expect(failure?.message.contains("step 4") == true && failure?.message.contains("term `") == true)
    #expect(failure?.message.contains("step 2 is kept") == true)
    #expect(try FileReader.names(in: path + "/checkpoints") == ["latest", "step-00000002.safetensors"])
  }

  @Test func `only the newest checkpoints are kept`() throws {
    let folder = try TemporaryFolder()
    try SmallRun("training.keep_checkpoints=2").train(in: folder.file("run"))
    #expect(
      try FileReader.names(in: folder.file("run/checkpoints")) == [
        "latest", "step-00000006.safetensors", "step-00000008.safetensors",
      ])
  }

  @Test func `a run that goes on from an older checkpoint leaves the newer ones behind`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    try SmallRun().train(in: path)
    let older = path + "/checkpoints/step-00000004.safetensors"
    try SmallRun("training.steps=6", "training.seed=3").train(in: path, resume: .file(older))
    #expect(
      try FileReader.names(in: path + "/checkpoints") == [
        "latest", "step-00000002.safetensors", "step-00000004.safetensors", "step-00000006.safetensors",
      ])
    #expect(try folder.text(of: "run/metrics.jsonl").split(separator: "\n").count == 6)
  }

  @Test func `another seed gives other numbers`() throws {
    let folder = try TemporaryFolder()
    try SmallRun("training.steps=2").train(in: folder.file("a"))
    try SmallRun("training.steps=2", "training.seed=1").train(in: folder.file("b"))
    #expect(
      try SmallRun.checkpoint(folder.file("a"), step: 2) != SmallRun.checkpoint(folder.file("b"), step: 2))
  }
}
