import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct PartialConvolutionWeightLayoutsTests {
  /// One channel wide, as deep as a layout says, with running statistics that are not those of the beginning.
  private func model(_ layout: WeightLayout) -> PartialConvolution {
    let model = tinyPartialConvolution(seed: 5) {
      $0.width = 1
      $0.levels = layout.name.hasSuffix("-8-levels") ? 8 : 7
      $0.firstBias = layout.name == "mmagic"
      $0.rule = layout.name.hasPrefix("naoto0804") ? .naoto0804 : .nvidia
      $0.inputScale = layout.name == "mmagic" ? .signed : .imageNet
    }
    for (name, buffer) in model.generator.namedBuffers {
      buffer.value = .noise(name, buffer.value.shape, scale: 0.5) + 1
    }
    return model
  }

  private func tensors(_ model: PartialConvolution, _ layout: WeightLayout) -> [(name: String, value: Tensor)] {
    layout.tensors(of: model, networks: ["generator"], colorOrder: .rgb)
  }

  static let layouts = PartialConvolutionConfiguration.weightLayouts

  @Test(arguments: layouts.map(\.name))
  func `weights are recognized by their names, and come back bit for bit`(_ name: String) throws {
    let folder = try TemporaryFolder()
    let layout = try #require(Self.layouts.first { $0.name == name })
    let model = model(layout)
    let plan = try WeightPlan(recognizing: WeightSample(folder).write(tensors(model, layout)))
    #expect(plan.modelName == "partial_convolution" && plan.layout.name == name)
    try plan.load(colorOrder: .rgb)
    #expect(haveSameWeights(model, plan.model, in: ["generator"]))
    let read = try #require(plan.model as? PartialConvolution).configuration
    let own = model.configuration
    #expect(read.width == 1 && read.levels == own.levels && read.firstBias == own.firstBias)
    #expect(read.rule == own.rule && read.inputScale == own.inputScale)
  }

  @Test func `names are the ports'`() throws {
    func names(_ layout: String) throws -> [String] {
      let layout = try #require(Self.layouts.first { $0.name == layout })
      return tensors(model(layout), layout).map(\.name)
    }
    let naoto = try names("naoto0804")
    for name in [
      "enc_1.conv.input_conv.weight", "enc_1.conv.mask_conv.weight", "enc_7.bn.running_var", "dec_7.bn.weight",
      "dec_1.conv.input_conv.bias",
    ] { #expect(naoto.contains(name)) }
    #expect(naoto.count == 14 + 12 * 4 + 1 + 14)
    #expect(try names("nvidia-8-levels").contains("dec_8.conv.weight"))
    let mmagic = try names("mmagic")
    for name in [
      "encoder.enc1.conv.bias", "encoder.enc2.bn.running_mean", "decoder.dec1.conv.bias",
      "decoder.dec3.conv.weight_mask_updater",
    ] { #expect(mmagic.contains(name)) }
  }

  @Test func `kernels of ones may be there, be missing, but not be others`() throws {
    let folder = try TemporaryFolder()
    let layout = Self.layouts[0]
    let all = tensors(model(layout), layout)
    let kernel = "enc_2.conv.mask_conv.weight"
    #expect(try #require(all.first { $0.name == kernel }).value.shape == [2, 1, 5, 5])
    // With what PyTorch's optimizer and normalization keep besides, in a dictionary of the checkpoint.
    let sample = WeightSample(folder)
    let nested =
      all.filter { !$0.name.contains("mask_conv") || $0.name == kernel }.map { ("model." + $0.name, $0.value) }
      + [("model.enc_2.bn.num_batches_tracked", Tensor(7)), ("optimizer.state.0.exp_avg", .zeros([3]))]
    let plan = try WeightPlan(recognizing: sample.write(nested))
    #expect(plan.layout.name == "naoto0804")
    let other = all.map { ($0.name, $0.name == kernel ? $0.value * 2 : $0.value) }
    let failure = #expect(throws: Failure.self) { try WeightPlan(recognizing: sample.write(other)) }
    #expect(failure?.message.contains(kernel) == true)
  }

  @Test func `a network of another depth has no place in a layout`() throws {
    let folder = try TemporaryFolder()
    let deep = try #require(Self.layouts.first { $0.name == "naoto0804-8-levels" })
    let plan = try WeightPlan(recognizing: WeightSample(folder).write(tensors(model(deep), deep)))
    #expect(throws: Never.self) { try WeightLayout.named("naoto0804-8-levels", for: plan) }
    for name in ["naoto0804", "mmagic"] {
      let failure = #expect(throws: Failure.self) { try WeightLayout.named(name, for: plan) }
      #expect(failure?.kind == .usage && failure?.message.contains("encoder.") == true)
    }
  }

  @Test func `weights for blue first fill pictures with blue first alike`() throws {
    let folder = try TemporaryFolder()
    let layout = try #require(Self.layouts.first { $0.name == "mmagic" })
    let model = model(layout)
    model.generator.setTraining(false)
    let file = try WeightSample(folder).write(tensors(model, layout))
    let plan = try WeightPlan(recognizing: file)
    try plan.load(colorOrder: .bgr)
    plan.model.networks[0].module.setTraining(false)
    let batch = tinyBatch(size: 128)
    func reversed(_ x: Tensor) -> Tensor { concatenate((0..<3).map { x.sliced(axis: 3, 2 - $0..<3 - $0) }, axis: 3) }
    let other = InpaintingBatch(images: reversed(batch.images), holes: batch.holes)
    let (found, expected) = (plan.model.fill(other).stages[0].pictures, model.fill(batch).stages[0].pictures)
    let largest = Double(abs(expected).maximum(axes: [0, 1, 2, 3]).reshaped(to: []).scalar)
    #expect(found.largestDifference(from: reversed(expected)) < 1e-5 * largest)
    #expect(found.largestDifference(from: expected) > 1e-3 * largest)
  }

  @Test func `the width that a file claims must be confirmed by its deepest layer`() {
    func settings(_ shapes: [String: Shape]) -> [String: JSONValue?] {
      Dictionary(
        PartialConvolutionConfiguration.settings { _, name in shapes[name] }.map { ($0.key, $0.value) },
        uniquingKeysWith: { first, _ in first })
    }
    func filter(_ level: Int) -> String { "encoder.\(level).convolution.weight" }
    let honest = settings([filter(0): [7, 7, 3, 6], filter(1): [5, 5, 6, 12], filter(2): [5, 5, 12, 24]])
    #expect(honest["width"] == JSONValue(6) && honest["levels"] == JSONValue(3))
    let lying = settings([filter(0): [7, 7, 3, 500], filter(1): [5, 5, 6, 12]])
    #expect(lying["width"] == JSONValue(64) && lying["levels"] == JSONValue(2))
  }
}
