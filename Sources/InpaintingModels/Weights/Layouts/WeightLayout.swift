package import NeuralNetworks
package import Support
package import Tensors

/// The names and arrangement of a model's weights in a program: the form of a file that can be read, or is written.
package struct WeightLayout: Sendable {
  /// Its name on the command line.
  package let name: String
  /// Whose it is, for people.
  package let origin: String
  /// The entries of a configuration's `model` that make a network here compute as that program does.
  package let settings: [(key: String, value: JSONValue)]
  /// In the order of the model's networks.
  package let networks: [NetworkLayout]

  package init(
    name: String, origin: String, settings: [(key: String, value: JSONValue)], networks: [NetworkLayout]
  ) {
    self.name = name
    self.origin = origin
    self.settings = settings
    self.networks = networks
  }
}

/// The part of a layout that is about one network.
package struct NetworkLayout: Sendable {
  /// The network's name here.
  package let network: String
  /// The text before its names in a file that holds several networks, such as `G.`.
  package let prefix: String
  /// The beginning of all its names, after the prefix.
  package let scope: String
  /// Every parameter and buffer of the network.
  package let tensors: [WeightMapping]
  /// Tensors that are the same in every file of this layout, and are nothing that a model here keeps. Older files may lack
  /// them.
  package let constants: [(name: String, value: Tensor)]
  /// Tensors whose numbers are all 1, each as large as a parameter here is there, and which no model here keeps. Files may
  /// lack them.
  package let ones: [(name: String, like: String)]
  /// Endings of names of what optimizers keep beside the weights.
  package let ignoredEndings: [String]
  /// Beginnings of own names of parts that the program does not have: a network may have them or not, and they are left out
  /// when it is written.
  package let omitted: [String]

  package init(
    network: String, prefix: String = "", scope: String = "", tensors: [WeightMapping],
    constants: [(name: String, value: Tensor)] = [], ones: [(name: String, like: String)] = [],
    ignoredEndings: [String] = [], omitted: [String] = []
  ) {
    self.network = network
    self.prefix = prefix
    self.scope = scope
    self.tensors = tensors
    self.constants = constants
    self.ones = ones
    self.ignoredEndings = ignoredEndings
    self.omitted = omitted
  }
}

extension NetworkLayout {
  /// The tensors of ones, in the arrangement of the layout.
  ///
  /// - Parameter shapes: The shapes of the network's parameters here.
  func ones(shapes: [String: Shape]) -> [(name: String, value: Tensor)] {
    ones.compactMap { name, like in
      guard let mapping = tensors.first(where: { $0.own == like }), let shape = shapes[like] else { return nil }
      return (name, .ones(mapping.arrangement.foreignShape(shape)))
    }
  }
}

/// A parameter or buffer here and there.
package struct WeightMapping: Sendable {
  /// Its name in the network's module.
  package let own: String
  /// Its name in files of the layout.
  package let foreign: String
  package let arrangement: WeightArrangement
  /// The position of the colors of pictures in it; nil if it has none.
  package let colors: ColorAxis?

  package init(
    _ own: String, _ foreign: String, _ arrangement: WeightArrangement = .same, colors: ColorAxis? = nil
  ) {
    self.own = own
    self.foreign = foreign
    self.arrangement = arrangement
    self.colors = colors
  }
}

extension WeightMapping {
  /// The parameter here, of this shape, from the tensor of a file.
  func read(_ tensor: Tensor, shape: Shape, colorOrder: ColorOrder) -> Tensor {
    ordered(arrangement.own(tensor, shape: shape), colorOrder)
  }

  /// The tensor of a file from the parameter here.
  func written(_ parameter: Tensor, colorOrder: ColorOrder) -> Tensor {
    arrangement.foreign(ordered(parameter, colorOrder))
  }

  private func ordered(_ parameter: Tensor, _ order: ColorOrder) -> Tensor {
    guard order == .bgr, let colors else { return parameter }
    return parameter.reversingColors(colors)
  }
}

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

/// The mappings of a convolution with a bias, as other programs keep it.
extension WeightMapping {
  /// PyTorch.
  ///
  /// - Parameter colors: Where its filters have the colors of pictures.
  static func convolution(_ own: String, _ foreign: String, colors: ColorAxis?) -> [WeightMapping] {
    [
      WeightMapping(own + ".weight", foreign + ".weight", .outputsFirst, colors: colors),
      WeightMapping(own + ".bias", foreign + ".bias", colors: colors == .outputs ? .outputs : nil),
    ]
  }

  /// TensorFlow, where filters are arranged as here.
  ///
  /// - Parameter colors: Where its filters have the colors of pictures.
  static func variables(_ own: String, _ foreign: String, colors: ColorAxis?) -> [WeightMapping] {
    [
      WeightMapping(own + ".weight", foreign + "/kernel", colors: colors),
      WeightMapping(own + ".bias", foreign + "/bias", colors: colors == .outputs ? .outputs : nil),
    ]
  }
}

extension WeightLayout {
  /// The name endings of what Adam keeps beside each variable in TensorFlow's checkpoints.
  static let momentEndings = ["/Adam", "/Adam_1"]
}
