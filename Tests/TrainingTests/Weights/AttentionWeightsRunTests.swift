import InpaintingModels
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

/// Runs whose attention starts with the weights of a public port.
@Suite struct AttentionWeightsRunTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("eca.safetensors")
    try SafeTensorsWriter.write([("conv.weight", [1, 1, 3], [5, 6, 7])], to: path)
  }

  private func run(_ weights: String?, _ changes: String...) throws -> SmallRun {
    let key = weights.map { #", "weights": "\#($0)""# } ?? ""
    return try SmallRun(
      [#"model.attention=[{"at": "bottleneck", "kind": "eca", "kernel": 3\#(key)}]"#, "training.steps=1"]
        + ["training.checkpoint_every=1", "training.sample_every=0", "training.validate_every=0"] + changes)
  }

  private func filter(_ folder: String) throws -> [Scalar] {
    let file = try WeightFile(path: folder + "/checkpoints/latest")
    return try file.tensor("generator.refinement.attention.layers.0.layer.weight").elements
  }

  @Test func `a new run starts with them, and a resumed one needs the file no more`() throws {
    let directory = folder.file("run")
    // One step with a rate that changes nothing to speak of.
    let run = try run(path, "optimizers.generator.learning_rate=1e-9")
    try run.train(in: directory)
    for (found, expected) in zip(try filter(directory), [5, 6, 7] as [Scalar]) { #expect(abs(found - expected) < 1e-3) }
    let trained = try filter(directory)
    try FileWriter.writeAtomically("of no use now", to: path)
    let longer = try self.run(path, "optimizers.generator.learning_rate=1e-9", "training.steps=2")
    try longer.train(in: directory, resume: .newest)
    for (found, expected) in zip(try filter(directory), trained) { #expect(abs(found - expected) < 1e-3) }
    // The configuration of the checkpoint names the file, which filling does not need either.
    #expect(try LoadedModel(path: directory).model.insertions.first?.weights?.path == path)
  }

  @Test func `a dry run reads them, and a run refuses what it refuses`() throws {
    let lines = try DryRun(run(path).configuration, directory: RunDirectory("none")).lines
    #expect(lines.contains { $0.hasPrefix("attention: eca") && $0.hasSuffix(", weights of \(path)") })
    for (weights, kind) in [("/no/such.pth", Failure.Kind.missingInput), (try other(), .data)] {
      let run = try run(weights)
      #expect(failure(of: { _ = try DryRun(run.configuration, directory: RunDirectory("none")) })?.kind == kind)
      #expect(failure(of: { try run.train(in: folder.file("refused")) })?.kind == kind)
    }
  }

  /// A file of an attention that sees more channels at once.
  private func other() throws -> String {
    let path = folder.file("other.safetensors")
    try SafeTensorsWriter.write([("conv.weight", [1, 1, 5], [5, 6, 7, 8, 9])], to: path)
    return path
  }
}
