import TestSupport
import Testing

@testable import CommandLine
@testable import Evaluation
@testable import Inpainting
@testable import InpaintingModels
@testable import Support
@testable import Training

/// Libraries' sentences as the person at a terminal reads them.
struct LibrarySentenceTests {
  private func line(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? Failure)?.line(Setting.asFlag)
    }
  }

  @Test func `what is wrong with a request to fill pictures`() throws {
    let sound = InpaintingRequest(image: "a.png", hole: "h.png", output: "out.png")
    func line(_ change: (inout InpaintingRequest) -> Void) -> String? {
      self.line {
        var request = sound
        change(&request)
        try request.check()
        try request.check(OutputFile(path: request.output))
      }
    }
    #expect(line { $0.hole = nil } == "--hole: expected a hole picture, or --hole-is alpha, found neither.")
    #expect(
      line { $0.convention = .alpha }
        == "--hole h.png: expected none, as --hole-is alpha takes the hole from the picture itself; leave it out.")
    #expect(line { $0.quality = 0 } == "--quality: expected a whole number of 1 to 100, found 0.")
    #expect(line { $0.quality = 80 } == "out.png: expected no --quality, as PNG is without loss; leave it out.")
    #expect(
      line { $0.format = "jpg" }
        == "out.png: expected a .jpg file, found another; leave out --format, or name another --output.")
    #expect(
      line { ($0.method, $0.strategy) = (.telea, .crop) }
        == "--strategy crop: expected none, as --method telea fills without a network; leave it out.")
    #expect(
      line { ($0.method, $0.seed) = (.telea, 7) }
        == "--seed 7: expected none, as telea fills without random numbers; leave it out, or set --method patches.")
    #expect(
      line { $0.seed = 7 }
        == "--seed 7: expected none, as a network fills without random numbers; leave it out, or set --method patches.")
    #expect(
      line { ($0.method, $0.pasting) = (.harmonic, .plain) }
        == "--paste plain: expected none, as --method harmonic fills without a network; leave it out.")
    #expect(
      line { ($0.method, $0.parts) = (.patches, .attention) }
        == "--show attention: expected none, as --method patches fills without a network; leave it out.")
    #expect(
      line { ($0.method, $0.output) = (.telea, "x.safetensors") }
        == "x.safetensors: expected the numbers of a network, found --method telea; leave that out, or write a picture."
    )
    #expect(
      line { ($0.pasting, $0.output) = (.seamless, "x.safetensors") }
        == "x.safetensors: expected the network's own numbers, found --paste seamless; leave that out, or write a picture."
    )
    #expect(
      line { ($0.strategy, $0.output) = (.crop, "x.safetensors") }
        == "x.safetensors: expected the numbers of a whole picture, found --strategy crop; leave that out, or write a "
        + "picture.")
  }

  @Test func `what is in the way of pictures and outputs`() throws {
    let folder = try TemporaryFolder()
    try FileWriter.createFolder(folder.file("in"))
    try FileWriter.writeAtomically("", to: folder.file("a.png"))
    func line(_ image: String, _ hole: String, _ output: String) -> String? {
      self.line {
        _ = try TaskList(
          InpaintingRequest(image: folder.file(image), hole: folder.file(hole), output: folder.file(output)))
      }
    }
    let (a, input) = (folder.file("a.png"), folder.file("in"))
    #expect(
      line("a.png", "in", "out.png")
        == "--hole \(input): expected one hole picture, as --image \(a) is no folder, found a folder.")
    #expect(
      line("in", "a.png", "a.png")
        == "--output \(a): expected a folder, as --image \(input) is one, found the path of a file.")
    #expect(
      line("a.png", "a.png", "a.png")
        == "\(a): the output would replace an input; name another file or folder with --output.")
    #expect(
      self.line { try ResultWriter(quality: nil, overwrites: false).refuseExisting([a]) }
        == "\(a): the output exists already; add --overwrite to replace it, or name another --output.")
    var summary = InpaintingSummary()
    (summary.done, summary.existing) = (3, 2)
    #expect(
      summary.line.text(Setting.asFlag)
        == "3 done, 2 skipped (2 because the output exists; --overwrite replaces such files)")
  }

  @Test func `what is wrong with an evaluation`() throws {
    func line(size: Int = 32, limit: Int? = 4, seed: Int = 0, holes: String = "generated") -> String? {
      self.line {
        _ = try EvaluationRequest(
          data: "procedural", holes: holes, size: size, modelSize: 64, sizeMultiple: 8, limit: limit, seed: seed)
      }
    }
    #expect(line(size: 8) == "--size: expected a whole number of 16 to 4096, found 8.")
    #expect(line(size: 36) == "--size: expected a multiple of 8 for this model, found 36.")
    #expect(line(limit: 0) == "--limit: expected a whole number of 1 to 10000000, found 0.")
    #expect(line(seed: -1) == "--seed: expected a whole number of at least 0, found -1.")
    #expect(
      self.line { _ = try MetricNetworks(lpipsWeights: [], lpipsNet: .alex, inceptionWeights: nil) }
        == "--lpips-net alex: expected the weights of LPIPS as well, found none; name their file with --lpips-weights.")
    #expect(
      self.line { _ = try EvaluationReport(parsing: Array("{}".utf8), source: "a.json") }
        == "a.json: expected a report that an evaluation has written with --json, found something else.")
    #expect(
      line(holes: "procedural")
        == "--holes: expected a folder or list file of hole pictures, or `generated`, found `procedural`.")
  }

  @Test func `what is in the way of a run`() throws {
    let folder = try TemporaryFolder()
    let run = RunDirectory(folder.file("run"))
    #expect(
      line { try run.requireRun() }
        == "\(run.path): expected a run to go on with, found none; leave out --resume to start one.")
    try run.createFolders()
    try FileWriter.writeAtomically("{}", to: run.configuration)
    #expect(
      line { try run.refuseExistingRun() }
        == "\(run.path): there is a run already; go on with it by adding --resume, or name another folder with "
        + "--run-directory.")
    let holder = RunLockHolder(
      process: ProcessIdentity(number: 7, host: "vega", boot: "", namespace: "", start: 0),
      since: "2026-11-30T12:00:00Z")
    #expect(
      RunLock.refusal(run.path, holder).line(Setting.asFlag)
        == "\(run.path): process 7 on vega has been writing this run since 2026-11-30T12:00:00Z, expected a folder that "
        + "nobody writes into; stop that process, or name another folder with --run-directory.")
    try FileWriter.writeAtomically("", to: run.initialWeights)
    #expect(
      line { try run.refuseLostStart() }?.hasSuffix("remove the folder, and start it again with --initial-weights.")
        == true)
  }

  @Test func `what a model asks for`() {
    var configuration = PartialConvolutionConfiguration()
    #expect(
      configuration.missingFeatures.line(Setting.asFlag).hasSuffix(
        "(--set losses.features.weights=FILE; Scripts/fetch-vgg16 FILE gets one), or train without "
          + "(--set losses.perceptual=0 --set losses.style=0)."))
    configuration.phase = 2
    #expect(
      configuration.reasonForInitialWeights(before: configuration.phases[0])?.text(Setting.asFlag).hasSuffix(
        "name its run with --initial-weights, or train phase 1 first.") == true)
  }

  @Test func `which option of a benchmark is wrong`() throws {
    var options = BenchmarkOptions(spelling: Setting.asFlag)
    options.size = 7
    let json = try options.apply(to: [:])
    #expect(json["data"]?["size"]?.position == .override("--size"))
    options.steps = 0
    #expect(line { _ = try options.apply(to: [:]) } == "--steps: expected a whole number of 1 to 1000000, found 0.")
  }
}
