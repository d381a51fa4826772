import Support
import Testing

@testable import InpaintingModels

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
