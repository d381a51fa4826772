import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct WeightPlanTests {
  let folder: TemporaryFolder
  let sample: WeightSample
  let model = tinyModel(seed: 5) { $0.discriminatorWidth = 3 }

  init() throws {
    folder = try TemporaryFolder()
    sample = WeightSample(folder)
  }

  private func tensors(
    _ layout: WeightLayout, _ networks: [String] = DeepFillV2Configuration().networkNames
  ) -> [(name: String, value: Tensor)] {
    layout.tensors(of: model, networks: networks, colorOrder: .rgb)
  }

  private func refusal(_ tensors: [(name: String, value: Tensor)]) -> String? {
    do {
      _ = try WeightPlan(recognizing: sample.write(tensors))
      return nil
    } catch {
      return (error as? Failure)?.kind == .data ? (error as? Failure)?.message : "another error: \(error)"
    }
  }

  @Test(arguments: DeepFillV2Configuration.weightLayouts.indices, ColorOrder.allCases)
  func `weights go there and come back bit for bit`(_ index: Int, _ order: ColorOrder) throws {
    let layout = DeepFillV2Configuration.weightLayouts[index]
    let plan = try WeightPlan(recognizing: sample.write(model, layout, colorOrder: order))
    #expect(plan.layout.name == layout.name && plan.modelName == "deepfill_v2")
    #expect(plan.networks == ["generator", "discriminator"])
    #expect(plan.section["width"] == 4 && plan.section["discriminator_width"] == 3 && plan.section["guidance"] == false)
    for (key, value) in layout.settings { #expect(plan.section[key] == value) }
    try plan.load(colorOrder: order)
    #expect(haveSameWeights(plan.model, model))
    if order == .bgr {
      try plan.load(colorOrder: .rgb)
      #expect(!haveSameWeights(plan.model, model))
    }
  }

  @Test func `each layout implies what its program computes`() throws {
    func configuration(_ layout: WeightLayout) throws -> DeepFillV2Configuration {
      let plan = try WeightPlan(recognizing: sample.write(model, layout))
      var configuration = try #require(plan.model as? DeepFillV2).configuration
      (configuration.width, configuration.discriminatorWidth) = (48, 64)
      return configuration
    }
    let layouts = DeepFillV2Configuration.weightLayouts
    #expect(layouts.map(\.name) == ["nipponjo-pt", "nipponjo-tf", "tensorflow"])
    #expect(try configuration(layouts[0]) == .symmetric)
    #expect(try configuration(layouts[2]) == DeepFillV2Configuration())
    var port = DeepFillV2Configuration()
    (port.fuse, port.holeReduction) = (false, .oneStep)
    #expect(try configuration(layouts[1]) == port)
  }

  @Test func `a generator alone is read, and so is a guided one`() throws {
    let guided = tinyModel(seed: 2) { $0.takesEdges = true }
    for layout in DeepFillV2Configuration.weightLayouts {
      let plan = try WeightPlan(recognizing: sample.write(guided, layout, networks: ["generator"]))
      #expect(plan.networks == ["generator"] && plan.model.conditions == [.edges])
      #expect(plan.decidedKeys.contains("width") && !plan.decidedKeys.contains("discriminator_width"))
      try plan.load(colorOrder: .rgb)
      #expect(haveSameWeights(plan.model, guided, in: ["generator"]))
    }
  }

  @Test(arguments: ["", "G.", "state_dict.", "state_dict.generator.", "module.", "anything.else."])
  func `networks are found in dictionaries of any name, beside other things`(_ prefix: String) throws {
    let networks = tensors(DeepFillV2Configuration.weightLayouts[0], ["generator"])
    var all = networks.map { (name: prefix + $0.name, value: $0.value) }
    if !prefix.isEmpty { all.append(("optimizer.state.0.exp_avg", .zeros([2]))) }
    let plan = try WeightPlan(recognizing: sample.write(all))
    try plan.load(colorOrder: .rgb)
    #expect(haveSameWeights(plan.model, model, in: ["generator"]))
  }

  @Test func `of several networks the one with a usual name is read`() throws {
    let networks = tensors(DeepFillV2Configuration.weightLayouts[1], ["generator"])
    func named(_ prefixes: [String]) -> [(name: String, value: Tensor)] {
      prefixes.flatMap { prefix in networks.map { (name: prefix + $0.name, value: $0.value) } }
    }
    #expect(refusal(named(["old.", "G."])) == nil)
    #expect(refusal(named(["old.", "older."]))?.contains("under old., older.") == true)
  }

  @Test func `everything that does not fit is listed`() throws {
    var all = tensors(DeepFillV2Configuration.weightLayouts[0])
    all.removeAll { ["G.stage1.conv_bn3.conv.bias", "D.conv2.conv_sn.weight_u"].contains($0.name) }
    let narrow = try #require(all.firstIndex { $0.name == "G.stage2.conv_bn7.conv.weight" })
    all[narrow].value = .zeros([3, 2, 1])
    let diagonal = try #require(all.firstIndex { $0.name.hasSuffix("fuse_weight") })
    all[diagonal].value = .ones([1, 1, 3, 3])
    all += [("G.extra", .zeros([1])), ("D.extra", .zeros([1])), ("n_iter", .zeros([]))]
    let message = try #require(refusal(all))
    #expect(
      message.hasSuffix(
        """
        does not fit deepfill_v2 in the layout nipponjo-pt: missing: G.stage1.conv_bn3.conv.bias, \
        D.conv2.conv_sn.weight_u; unexpected: G.extra, D.extra; misshapen: G.stage2.conv_bn7.conv.weight (expected \
        16x8x3x3, found 3x2x1); with other values: G.stage2.contextual_attention.fuse_weight.
        """))
  }

  @Test func `older files without the constant are read`() throws {
    let all = tensors(DeepFillV2Configuration.weightLayouts[0]).filter { !$0.name.hasSuffix("fuse_weight") }
    #expect(refusal(all) == nil)
  }

  @Test func `what TensorFlow's optimizer keeps is passed over`() throws {
    let all = tensors(DeepFillV2Configuration.weightLayouts[2])
    let moments = all.flatMap { [($0.name + "/Adam", $0.value), ($0.name + "/Adam_1", $0.value)] }
    #expect(refusal(all + moments + [("global_step", .zeros([]))]) == nil)
    #expect(refusal(all + [("inpaint_net/conv99/kernel", .zeros([1]))])?.contains("conv99") == true)
  }

  @Test func `a file cannot ask for a network much larger than itself`() throws {
    var all = tensors(DeepFillV2Configuration.weightLayouts[0])
    let first = try #require(all.firstIndex { $0.name == "G.stage1.conv1.conv.weight" })
    all[first].value = .zeros([4096, 5, 5, 5])
    let message = try #require(refusal(all))
    #expect(message.contains("G.stage1.conv1.conv.weight (expected 48x5x5x5, found 4096x5x5x5)"))
  }

  @Test func `what is like nothing known is refused with what is`() {
    let message = refusal([("weight", .zeros([3]))])
    #expect(message?.contains("deepfill_v2 as nipponjo-pt, nipponjo-tf, tensorflow") == true)
    #expect(message?.contains("\"weight\"") == true)
    #expect(refusal([])?.contains("no tensors at all") == true)
  }

  @Test func `numbers that are not finite are refused by name`() throws {
    var all = tensors(DeepFillV2Configuration.weightLayouts[2])
    all[7].value = Tensor(repeating: .nan, shape: all[7].value.shape)
    let plan = try WeightPlan(recognizing: sample.write(all))
    let failure = #expect(throws: Failure.self) { try plan.load(colorOrder: .rgb) }
    #expect(failure?.kind == .data && failure?.message.contains(all[7].name) == true)
  }

  @Test func `what the user says of the model counts, and must be sensible`() throws {
    let file = try sample.write(model, DeepFillV2Configuration.weightLayouts[1])
    let fused = try WeightPlan(recognizing: file, overrides: [JSONOverride(parsing: "model.fuse=true")])
    #expect(fused.section["fuse"] == true && fused.section["hole_reduction"] == "one_step")
    let failure = #expect(throws: Failure.self) {
      try WeightPlan(recognizing: file, overrides: [JSONOverride(parsing: "model.fused=true")])
    }
    #expect(failure?.kind == .configuration && failure?.message.contains("model.fused") == true)
  }
}
