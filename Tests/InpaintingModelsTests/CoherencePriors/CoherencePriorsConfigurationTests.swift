import Imaging
import InpaintingData
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct CoherencePriorsConfigurationTests {
  private func read(
    _ model: JSONValue = [:], losses: JSONValue = [:], pictureSize: Int? = nil
  ) throws -> CoherencePriorsConfiguration {
    let root = try JSONReader(["model": model, "losses": losses, "training": [:]], source: "test.json")
    let configuration = try CoherencePriorsConfiguration(
      model: root.object("model"), losses: root.object("losses"), training: root.object("training"),
      pictureSize: pictureSize)
    try root.finish()
    return configuration
  }

  @Test func `every key is read`() throws {
    let configuration = try read(
      [
        "width": 16, "discriminator_width": 4, "conv_type": "gated", "initialization": "glorot_uniform",
        "classes": "camvid", "swap_scales": [3, 1], "seg_confidence": "hard", "spade_hidden": 9, "start": "harmonic",
      ],
      losses: [
        "reconstruction": 2, "hole": 5, "known": 3, "area_normalize": true, "segmentation": 0.25, "adversarial": 0.01,
        "structure_coherence": 0.2, "texture_coherence": 7, "texture_reference": "context",
        "features": ["network": "vgg", "weights": "vgg.pth"],
      ])
    #expect(configuration.width == 16 && configuration.discriminatorWidth == 4)
    #expect(configuration.convolution == .gated && configuration.initialization == .glorotUniform)
    #expect(configuration.classes == .camVid && configuration.propagatedScales == [3, 1])
    #expect(configuration.confidence == .hard && configuration.spadeHidden == 9)
    let losses = configuration.losses
    #expect(losses.reconstruction == 2 && losses.hole == 5 && losses.known == 3 && losses.normalizesAreas)
    #expect(losses.segmentation == 0.25 && losses.adversarial == 0.01 && losses.structureCoherence == 0.2)
    #expect(losses.textureCoherence == 7 && losses.textureReference == .context)
    #expect(losses.features.weights == "vgg.pth")
    #expect(configuration.networkNames == ["generator", "discriminator", "structure_critic"])
    #expect(configuration.start == .harmonic)
    #expect(configuration.conditions.map(\.channels) == [3, 11, 11])
  }

  @Test func `textures weigh more by a named network's features`() throws {
    #expect(try read(["classes": "camvid"]).losses.textureCoherence == 10)
    let named = try read(["classes": "camvid"], losses: ["features": ["weights": "vgg.pth"]])
    #expect(named.losses.textureCoherence == 120)
  }

  @Test func `without classes there is nothing to weigh of labels`() throws {
    let configuration = try read()
    #expect(configuration.losses.segmentation == 0 && configuration.losses.structureCoherence == 0)
    #expect(configuration.networkNames == ["generator", "discriminator"] && configuration.conditions.isEmpty)
    #expect(throws: Failure.self) { try read(losses: ["segmentation": 1]) }
  }

  @Test func `what cannot be meant is refused`() {
    func said(_ model: JSONValue, pictureSize: Int? = nil) -> String {
      let failure = #expect(throws: Failure.self) { try read(model, pictureSize: pictureSize) }
      return failure?.message ?? ""
    }
    #expect(said(["width": 12]).contains("`width`: expected a multiple of 8, found 12"))
    #expect(said(["seg_confidence": "soft"]).contains("expected `classes`, found none"))
    #expect(said([:], pictureSize: 24).contains("32 pixels or more, found 24"))
    #expect(said(["classes": "camvid", "swap_scales": [4]]).contains("swap_scales"))
    #expect(said(["classes": "camvid", "conv_type": "partal"]).contains("partial"))
    let start = said(["start": "telea"])
    #expect(["model.start", "\"published\", \"harmonic\"", "\"telea\""].allSatisfy(start.contains))
  }
}

@Suite struct CoherencePriorsSizesTests {
  @Test(arguments: ConvolutionType.allCases)
  func `weights say their sizes`(_ type: ConvolutionType) {
    let model = tinyCoherencePriors {
      ($0.convolution, $0.width, $0.discriminatorWidth) = (type, 16, 4)
      ($0.propagatedScales, $0.confidence, $0.spadeHidden) = ([3, 1], .soft, 5)
    }
    let settings = CoherencePriorsConfiguration.settings { network, parameter in
      model.networks.first { $0.name == network }?.module.namedParameters.first { $0.name == parameter }?.parameter
        .shape
    }
    let found = Dictionary(uniqueKeysWithValues: settings.map { ($0.key, $0.value) })
    #expect(found["width"] == 16 && found["discriminator_width"] == 4 && found["spade_hidden"] == 5)
    #expect(found["conv_type"] == JSONValue(type.rawValue) && found["swap_scales"] == [1, 3])
  }

  @Test func `a lie about one layer does not make a large network`() {
    let settings = CoherencePriorsConfiguration.settings { network, parameter in
      network == "generator" && parameter == "scales.2.pictureHidden.weight" ? [3, 3, 1024, 1024] : nil
    }
    #expect(settings.allSatisfy { $0.key != "width" || $0.value == nil })
  }
}
