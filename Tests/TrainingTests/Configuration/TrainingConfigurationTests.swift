import InpaintingData
import Support
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite struct TrainingConfigurationTests {
  @Test func `a batch must be divisible into its leaves`() throws {
    #expect(try SmallRun("training.batch_size=6", "training.leaves=3").configuration.training.leaves == 3)
    let failure = failure { _ = try SmallRun("training.batch_size=6", "training.leaves=4") }
    #expect(failure?.kind == .configuration)
    let message = failure?.message ?? ""
    for part in ["`training`", "`batch_size` of 6", "`leaves`: expected a divisor", "one of 1, 2, 3, 6, found 4"] {
      #expect(message.contains(part), "\(message)")
    }
  }

  @Test func `label maps are named by their folder alone, in the model's classes`() throws {
    func labels(_ changes: String...) throws -> JSONValue? {
      let model = #"model={"name":"semantic_guidance","width":4,"discriminator_width":2,"classes":"camvid","stages":1}"#
      return try SmallRun([model, "losses={}", "optimizers={}"] + changes).configuration.resolved["data"]?["labels"]
    }
    let short = try labels("data.labels=maps")
    #expect(short?["path"] == "maps" && short?["classes"] == "camvid")
    #expect(try labels(#"data.labels={"path":"maps"}"#) == short)
    let other = try labels(#"data.labels={"path":"maps","classes":"cityscapes_19"}"#)
    #expect(other?["classes"] == "cityscapes_19")
  }

  static let refused: [(change: String, words: [String])] = [
    ("training.batchsize=4", ["training.batchsize", "did you mean `batch_size`"]),
    ("training.batch_size=0", ["training.batch_size", "from 1 to 4096", "found 0"]),
    ("training.batch_size=true", ["training.batch_size", "found true"]),
    ("data.size=36", ["data", "multiple of 8", "36"]),
    ("data.crop=centr", ["data.crop", "center_crop"]),
    ("data.crop_share=[0.6,0.5]", ["data", "`crop_share`", "found [0.6, 0.5]"]),
    ("data.crop_share=[0,1]", ["data", "`crop_share`", "above 0"]),
    ("losses.error=l2", ["losses.error", "\"hole_log_mse\""]),
    ("model.name=deepfil_v2", ["model.name", "did you mean \"deepfill_v2\""]),
    ("model.width=6", ["model", "multiple of 4"]),
    ("holes.kind=circle", ["holes.kind", "\"box\", \"free_form\""]),
    ("holes.height=100", ["holes.height", "from 1 to 32", "a part of the picture's side"]),
    ("losses.adversarial=-1", ["losses.adversarial", "found -1"]),
    ("optimizers.generator.beta1=1", ["optimizers.generator.beta1", "below 1"]),
    ("optimizers.critic={}", ["optimizers.critic", "not a known key"]),
    ("optimizers.generator.clip_norm=-2", ["optimizers.generator.clip_norm", "above 0"]),
    ("nothing=1", ["`nothing`", "not a known key"]),
  ]

  @Test(arguments: refused.indices)
  func `what does not fit is refused with its key, what was expected and what was found`(_ index: Int) {
    let (change, words) = Self.refused[index]
    let failure = failure { _ = try SmallRun(change) }
    #expect(failure?.kind == .configuration)
    for word in words {
      #expect(failure?.message.contains(word) == true, "\(failure?.message ?? "nothing") lacks \(word)")
    }
  }

  @Test func `the name that a crop had in earlier versions is still read`() throws {
    #expect(try SmallRun("data.crop=centre_crop").configuration.data.crop == .center)
  }

  @Test func `a share is of squares that are cut at random`() throws {
    #expect(try SmallRun("data.crop_share=[0.25,0.5]").configuration.data.cropShare == 0.25...0.5)
    let failure = failure { _ = try SmallRun("data.crop_share=[0.25,0.5]", "data.crop=resize") }
    #expect(failure?.kind == .configuration && failure?.message.contains("`crop` to `random_crop`") == true)
  }

  @Test func `the resolved configuration holds every default and reads back as itself`() throws {
    let first = try SmallRun("holes={\"kind\":\"union\",\"of\":[{\"kind\":\"box\"},{\"kind\":\"free_form\"}]}")
      .configuration
    #expect(first.resolved["holes"]?.write().contains("\"max_delta_height\":4") == true)
    #expect(first.resolved["optimizers"]?["discriminator"]?["learning_rate"] == 1e-4)
    #expect(first.resolved["data"]?["validation"]?.content == .null)
    let second = try TrainingConfiguration(first.resolved, source: "config.json")
    #expect(second.resolved == first.resolved)
  }

  @Test func `lengths of holes may be parts of the picture, and a run that had pixels is the same one`() throws {
    let parts = try SmallRun("holes={\"kind\":\"box\",\"height\":0.5,\"width\":0.25}").configuration
    let pixels = try SmallRun("holes={\"kind\":\"box\",\"height\":16,\"width\":8}").configuration
    #expect(parts.arithmetic == pixels.arithmetic)
    #expect(parts.resolved["holes"]?["width"] == 8)
  }

  @Test func `what only says how far and how often is no part of the arithmetic`() throws {
    let usual = try SmallRun().configuration.arithmetic
    let other = try SmallRun(
      "training.threads=3", "training.steps=99", "training.validate_every=1", "data.workers=7"
    ).configuration.arithmetic
    #expect(usual == other)
    #expect(try SmallRun("training.seed=5").configuration.arithmetic != usual)
  }

  @Test(arguments: [
    "[{\"kind\":\"box\"},{\"kind\":\"irregular\"}]", "[{\"kind\":\"free_form\",\"brush_width\":[3,3]}]",
  ])
  func `holes are laid on top of each other`(_ parts: String) throws {
    _ = try SmallRun("holes={\"kind\":\"union\",\"per\":\"batch\",\"of\":\(parts)}")
  }
}
