import InpaintingModels
import NeuralNetworks
import Tensors
import TestSupport

@testable import Training

/// Weights of the small run's model, in files.
struct SmallWeights {
  let folder: TemporaryFolder
  /// A finished run of two steps, with a moving average.
  let run: String

  init() throws {
    folder = try TemporaryFolder()
    run = folder.file("run")
    try SmallRun("training.steps=2").train(in: run)
  }

  /// The run's weights in another layout.
  func converted(
    to layout: String, from path: String? = nil, colorOrder: ColorOrder = .rgb, generatorOnly: Bool = false,
    name: String? = nil
  ) throws -> String {
    let path = try LoadedModel(path: path ?? run)
    let target = folder.file(name ?? layout + ".safetensors")
    try WeightConversion(path, to: layout, colorOrder: colorOrder, generatorOnly: generatorOnly).write(to: target)
    return target
  }

  /// A file of the run's with the tensors of a checkpoint.
  static func tensor(_ name: String, of path: String) throws -> [Scalar] {
    try WeightFile(path: path).tensor(name).elements
  }
}

extension LoadedModel {
  /// A parameter or buffer by the name that it has in checkpoints.
  func values(_ name: String) -> [Scalar]? {
    for network in model.networks where name.hasPrefix(network.name + ".") {
      let own = String(name.dropFirst(network.name.count + 1))
      let parameter = network.module.namedParameters.first { $0.name == own }?.parameter.value
      return (parameter ?? network.module.namedBuffers.first { $0.name == own }?.buffer.value)?.elements
    }
    return nil
  }
}
