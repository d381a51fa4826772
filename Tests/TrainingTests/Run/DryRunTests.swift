import Imaging
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

@Suite struct DryRunTests {
  @Test func `it counts parameters, checks the data and writes nothing`() throws {
    let folder = try TemporaryFolder()
    let directory = RunDirectory(folder.file("run"))
    let lines = try DryRun(
      SmallRun("model.width=48", "model.discriminator_width=64").configuration, directory: directory
    ).lines
    #expect(lines.contains("  generator: 4,052,478 parameters"))
    #expect(lines.contains("  discriminator: 5,946,816 parameters"))
    #expect(lines.contains { $0.hasPrefix("memory: about ") })
    #expect(lines.contains { $0.hasPrefix("time: about ") && $0.contains(" s a step; ") && $0.hasSuffix(" in all") })
    #expect(folder.names.isEmpty)
  }

  @Test func `phases are listed with their steps and what they train`() throws {
    let run = try SmallRun(
      #"model={"name": "partial_convolution", "width": 4, "levels": 3}"#, #"losses={"perceptual": 0, "style": 0}"#,
      "optimizers={}", "training.steps=3000",
      #"training.phases=[{"phase": "training", "steps": 2000}, {"phase": "fine_tuning", "steps": 1000}]"#)
    let lines = try DryRun(run.configuration, directory: RunDirectory("none")).lines
    #expect(
      lines.suffix(3) == [
        "run directory: none, 3,000 steps", "  training: 2,000 steps, generator at a learning rate of 0.0002",
        "  fine_tuning: 1,000 steps, generator at a learning rate of 5e-05",
      ])
  }

  @Test func `attention is listed with its site, its parameters and its cost`() throws {
    let run = try SmallRun(
      #"model.attention=[{"at": "decoder", "scale": 2, "kind": "se", "reduction": 2}, {"at": "parallel", "kind": "contextual"}]"#
    )
    let lines = try DryRun(run.configuration, directory: RunDirectory("none")).lines
    #expect(
      lines.filter { $0.hasPrefix("attention: ") } == [
        "attention: se in the decoder, at half of the size, 4 channels: 16 parameters, 0.0 million multiply-adds a picture",
        "attention: contextual in the parallel branch, at a quarter of the size, 8 channels: 0 parameters, 0.1 million "
          + "multiply-adds a picture",
      ])
  }

  @Test func `pictures that cannot be used are named`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<8 {
      let picture = Picture(width: 40, height: 40, filledWith: [10, 20, 30])
      try FileWriter.writeAtomically(index == 5 ? [1, 2, 3] : picture.pngData(), to: folder.file("\(index).png"))
    }
    let configuration = try SmallRun("data.train=\(folder.path)").configuration
    let lines = try DryRun(configuration, directory: RunDirectory(folder.file("run"))).lines
    #expect(lines.contains { $0.contains("cannot be used") && $0.contains("5.png") })
  }
}
