import Support
package import Tensors

/// A module with public ports in PyTorch, whose weights can be loaded: it maps their names to parameters.
package protocol PortedModule: Module {
  /// The parameters and buffers under the names of a PyTorch module's state dictionary, in its order.
  var portedWeights: [PortedWeight] { get }
}

/// A parameter or buffer, with its name and layout in a port.
package struct PortedWeight {
  /// The key in the state dictionary, such as `query_conv.weight`.
  package let name: String
  let arrangement: WeightArrangement
  private let destination: Destination

  private enum Destination {
    case parameter(Parameter)
    case buffer(Buffer)
  }

  package init(_ name: String, _ parameter: Parameter, _ arrangement: WeightArrangement = .same) {
    self.name = name
    self.arrangement = arrangement
    destination = .parameter(parameter)
  }

  package init(_ name: String, _ buffer: Buffer, _ arrangement: WeightArrangement = .same) {
    self.name = name
    self.arrangement = arrangement
    destination = .buffer(buffer)
  }

  /// The same with a prefix, for a submodule.
  package func named(_ prefix: String) -> PortedWeight { PortedWeight(prefix + "." + name, arrangement, destination) }

  private init(_ name: String, _ arrangement: WeightArrangement, _ destination: Destination) {
    self.name = name
    self.arrangement = arrangement
    self.destination = destination
  }

  /// The parameter, nil for a buffer.
  var parameter: Parameter? {
    if case .parameter(let parameter) = destination { parameter } else { nil }
  }

  /// The values in the port's layout.
  var value: Tensor {
    switch destination {
    case .parameter(let parameter): arrangement.foreign(parameter.value.detached())
    case .buffer(let buffer): arrangement.foreign(buffer.value)
    }
  }

  /// The shape in the port's layout.
  var shape: Shape { arrangement.foreignShape(ownShape) }

  private var ownShape: Shape {
    switch destination {
    case .parameter(let parameter): parameter.shape
    case .buffer(let buffer): buffer.value.shape
    }
  }

  /// - Parameter value: The values in the port's layout, of `shape`.
  func assign(_ value: Tensor) {
    let own = arrangement.own(value, shape: ownShape)
    switch destination {
    case .parameter(let parameter): parameter.assign(own)
    case .buffer(let buffer): buffer.value = own
    }
  }
}

extension PortedModule {
  /// All weights under the port's names.
  package func stateDictionary() -> [(name: String, value: Tensor)] { portedWeights.map { ($0.name, $0.value) } }

  /// Loads the weights from a state dictionary. Other entries are ignored, so it may be that of a whole network.
  ///
  /// - Parameters:
  ///   - source: The file, for messages.
  ///   - network: The network's name, for messages.
  ///   - prefix: The prefix of the module's names, such as `refine_attn.`.
  ///   - tensor: Returns the entry of a name, nil if there is none.
  /// - Throws: As `StateDictionaryReader`; the module is unchanged then.
  package func load(
    from source: String = "weights", as network: String? = nil, prefix: String = "",
    stateDictionary tensor: @escaping (String) throws -> Tensor?
  ) throws {
    let reader = StateDictionaryReader(tensor)
    let found = try portedWeights.map { ($0, try reader.tensor(prefix + $0.name, shape: $0.shape)) }
    try reader.requireSound(source: source, network: network ?? "\(Self.self)")
    for (weight, value) in found { weight.assign(value) }
  }
}

extension Conv2d {
  /// The weights as a PyTorch module of this name stores them. The spectral norm's vector is called `u0`, as in
  /// BigGAN's port.
  func portedWeights(named name: String) -> [PortedWeight] {
    [PortedWeight(name + ".weight", weight, .outputsFirst)]
      + (bias.map { [PortedWeight(name + ".bias", $0)] } ?? [])
      + (spectralNorm.map { [PortedWeight(name + ".u0", $0.u)] } ?? [])
  }
}

extension BatchNorm2d {
  /// The weights and the running statistics as a PyTorch module of this name stores them.
  func portedWeights(named name: String) -> [PortedWeight] {
    [
      PortedWeight(name + ".weight", weight!), PortedWeight(name + ".bias", bias!),
      PortedWeight(name + ".running_mean", runningMean), PortedWeight(name + ".running_var", runningVariance),
    ]
  }
}

extension Linear {
  /// The weights as a PyTorch module of this name stores them.
  func portedWeights(named name: String) -> [PortedWeight] {
    [PortedWeight(name + ".weight", weight, .transposed)] + (bias.map { [PortedWeight(name + ".bias", $0)] } ?? [])
  }
}

/// A reader of a port's state dictionary, entry by entry, that collects the errors.
package final class StateDictionaryReader {
  private let tensor: (String) throws -> Tensor?
  private var faults: [String] = []

  /// The maximum number of faults in a message.
  private static let faultLimit = 10

  /// - Parameter tensor: Returns the entry of a name, nil if there is none.
  package init(_ tensor: @escaping (String) throws -> Tensor?) {
    self.tensor = tensor
  }

  /// The entry of a name and shape; zeros if there is none, its shape differs or its values are not finite.
  ///
  /// - Throws: Errors of reading.
  package func tensor(_ name: String, shape: Shape) throws -> Tensor {
    guard let value = try tensor(name) else {
      faults.append("`\(name)` expected of shape \(shape), found none")
      return .zeros(shape)
    }
    if value.shape != shape {
      faults.append("`\(name)` expected of shape \(shape), found \(value.shape)")
    } else if !value.isFinite {
      faults.append("`\(name)` expected of finite values, found others")
    } else {
      return value
    }
    return .zeros(shape)
  }

  /// Throws if any entry was faulty.
  ///
  /// - Parameters:
  ///   - source: The file, for messages.
  ///   - network: The network that the weights were expected to belong to.
  /// - Throws: A `Failure` of the kind `data` that names the entries that were missing, had another shape or were not
  ///   finite: the first ten, and the number of the others.
  package func requireSound(source: String, network: String) throws {
    guard !faults.isEmpty else { return }
    let rest = faults.count > Self.faultLimit ? "; and \(faults.count - Self.faultLimit) more" : ""
    let named = faults.prefix(Self.faultLimit).joined(separator: "; ")
    throw Failure(.data, "\(source): expected the weights of \(network), found others: \(named)\(rest).")
  }
}
