package import NeuralNetworks
package import Support
package import Tensors

/// The parameter names and dimension orders of a model's weights in one implementation, such as a PyTorch port: a
/// format of files that can be read and written.
package struct WeightLayout: Sendable {
  /// The name on the command line.
  package let name: String
  /// The implementation, for messages.
  package let origin: String
  /// The keys of the section `model` with which a model of this package computes the same function as the
  /// implementation.
  package let settings: [(key: String, value: JSONValue)]
  /// The layouts of the networks, in the order of the model's networks.
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

/// The layout of one network.
package struct NetworkLayout: Sendable {
  /// The network's name in the model.
  package let network: String
  /// The prefix of the network's names in a file of several networks, such as `G.`.
  package let prefix: String
  /// The common beginning of all names of the network, after the prefix.
  package let scope: String
  /// The mappings of all parameters and buffers of the network.
  package let tensors: [WeightMapping]
  /// Tensors with fixed values that files of this layout contain and the models of this package do not need. Older
  /// files may lack them.
  package let constants: [(name: String, value: Tensor)]
  /// Tensors of ones that files of this layout contain and the models of this package do not need, each in the shape
  /// that the parameter `like` has in the file. Files may lack them.
  package let ones: [(name: String, like: String)]
  /// The name endings of tensors that are ignored, such as optimizer states.
  package let ignoredEndings: [String]
  /// The name prefixes of parts of the module that the implementation does not have. Such parts are optional in a
  /// model, and are left out of written files.
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
  /// The tensors of ones, in the dimension order of the layout.
  ///
  /// - Parameter shapes: The shapes of the network's parameters in this package, by name.
  func ones(shapes: [String: Shape]) -> [(name: String, value: Tensor)] {
    ones.compactMap { name, like in
      guard let mapping = tensors.first(where: { $0.own == like }), let shape = shapes[like] else { return nil }
      return (name, .ones(mapping.arrangement.foreignShape(shape)))
    }
  }
}

/// The mapping of a parameter or buffer of a module to a tensor of a file.
package struct WeightMapping: Sendable {
  /// The name in the network's module.
  package let own: String
  /// The name in files of the layout.
  package let foreign: String
  /// The permutation of dimensions between the file and the module.
  package let arrangement: WeightArrangement
  /// The axis with the color channels of pictures; nil if there is none.
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
  /// The value of the module's parameter, of this shape, from a file's tensor.
  func read(_ tensor: Tensor, shape: Shape, colorOrder: ColorOrder) -> Tensor {
    ordered(arrangement.own(tensor, shape: shape), colorOrder)
  }

  /// The file's tensor from the value of the module's parameter.
  func written(_ parameter: Tensor, colorOrder: ColorOrder) -> Tensor {
    arrangement.foreign(ordered(parameter, colorOrder))
  }

  private func ordered(_ parameter: Tensor, _ order: ColorOrder) -> Tensor {
    guard order == .bgr, let colors else { return parameter }
    return parameter.reversingColors(colors)
  }
}

extension WeightLayout {
  /// The layout of this package's checkpoints: the network's name, a dot, and the name in the module, with unchanged
  /// dimension order.
  ///
  /// - Parameters:
  ///   - file: The file to read, nil for writing. Networks without any tensor in the file are left out, except the
  ///     first network.
  ///   - usesAverage: True to read parameters from their moving average where the file has one.
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
      // A file with an average has the parameter itself as well, which is then ignored.
      return NetworkLayout(
        network: network.name, scope: scope, tensors: mappings, ignoredEndings: names.map { scope + $0 })
    }
    return WeightLayout(name: ownName, origin: "Kintsugi", settings: [], networks: networks)
  }

  /// The name of the layout of this package's checkpoints.
  package static let ownName = "kintsugi"
}

/// The mappings of a convolution with a bias, in PyTorch and TensorFlow.
extension WeightMapping {
  /// The mappings for PyTorch, whose filters are [outputs, inputs, height, width].
  ///
  /// - Parameter colors: The axes or channels of its filters that have the colors of pictures.
  static func convolution(_ own: String, _ foreign: String, colors: ColorAxis?) -> [WeightMapping] {
    [
      WeightMapping(own + ".weight", foreign + ".weight", .outputsFirst, colors: colors),
      WeightMapping(own + ".bias", foreign + ".bias", colors: colors == .outputs ? .outputs : nil),
    ]
  }

  /// The mappings for TensorFlow, whose filters are [height, width, inputs, outputs] as in this package.
  ///
  /// - Parameter colors: The axes or channels of its filters that have the colors of pictures.
  static func variables(_ own: String, _ foreign: String, colors: ColorAxis?) -> [WeightMapping] {
    [
      WeightMapping(own + ".weight", foreign + "/kernel", colors: colors),
      WeightMapping(own + ".bias", foreign + "/bias", colors: colors == .outputs ? .outputs : nil),
    ]
  }
}

extension WeightLayout {
  /// The name endings of Adam's moments in TensorFlow's checkpoints.
  static let momentEndings = ["/Adam", "/Adam_1"]
}
