import NeuralNetworks
import Tensors

extension WeightLayout {
  /// The layout of checkpoints here: each network's name, then the module's own names; nothing is rearranged.
  ///
  /// - Parameters:
  ///   - file: The file to read: networks that it has nothing of are left out, except the first. Nil to write.
  ///   - usesAverage: Whether parameters are read from their moving average where the file has one.
  static func own(
    _ model: any InpaintingModel, in file: WeightFile? = nil, usesAverage: Bool = false
  ) -> WeightLayout {
    let networks = model.networks.enumerated().compactMap { index, network -> NetworkLayout? in
      let scope = network.name + "."
      if let file, index > 0, !file.names.contains(where: { $0.hasPrefix(scope) }) { return nil }
      let names = network.module.namedParameters.map(\.name) + network.module.namedBuffers.map(\.name)
      let mappings = names.map { name in
        let average = "average." + scope + name
        return WeightMapping(name, usesAverage && file?.shape(of: average) != nil ? average : scope + name)
      }
      // What an average is read for is in the file as well.
      return NetworkLayout(
        network: network.name, scope: scope, tensors: mappings, ignoredEndings: names.map { scope + $0 })
    }
    return WeightLayout(name: ownName, origin: "Kintsugi", settings: [], networks: networks)
  }

  /// The name of that layout.
  package static let ownName = "kintsugi"
}
