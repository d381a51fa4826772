import NeuralNetworks
import Tensors
import TestSupport

@testable import InpaintingModels
@testable import Support

/// Writes weights of models into files, for whoever reads them.
struct WeightSample {
  let folder: TemporaryFolder

  init(_ folder: TemporaryFolder) { self.folder = folder }

  /// A safetensors file in a layout.
  func write(
    _ model: DeepFillV2, _ layout: WeightLayout, networks: [String] = DeepFillV2Configuration().networkNames,
    colorOrder: ColorOrder = .rgb
  ) throws -> WeightFile {
    try write(layout.tensors(of: model, networks: networks, colorOrder: colorOrder))
  }

  /// A safetensors file of these tensors.
  func write(_ tensors: [(name: String, value: Tensor)]) throws -> WeightFile {
    let path = folder.file("weights.safetensors")
    try SafeTensorsWriter.write(tensors.map { ($0.name, $0.value.shape, $0.value.elements) }, to: path)
    return try WeightFile(path: path)
  }

  /// The `model` section of a configuration.
  static func section(of model: DeepFillV2) -> JSONValue {
    let configuration = model.configuration
    return [
      "name": "deepfill_v2", "width": JSONValue(configuration.width),
      "discriminator_width": JSONValue(configuration.discriminatorWidth),
      "padding": JSONValue(configuration.padding.rawValue), "nearest": JSONValue(configuration.nearest.rawValue),
      "hole_reduction": JSONValue(configuration.holeReduction.rawValue), "fuse": JSONValue(configuration.fuse),
      "guidance": JSONValue(configuration.takesEdges),
    ]
  }
}

/// True if two models have the same parameters and buffers, bit for bit, in the networks of these names.
func haveSameWeights(
  _ left: any InpaintingModel, _ right: any InpaintingModel, in names: [String] = DeepFillV2Configuration().networkNames
) -> Bool {
  zip(left.networks, right.networks).filter { names.contains($0.0.name) }.allSatisfy { left, right in
    let parameters = zip(left.module.namedParameters, right.module.namedParameters)
    let buffers = zip(left.module.namedBuffers, right.module.namedBuffers)
    return parameters.allSatisfy { areIdentical($0.parameter.value.elements, $1.parameter.value.elements) }
      && buffers.allSatisfy { areIdentical($0.buffer.value.elements, $1.buffer.value.elements) }
  }
}
