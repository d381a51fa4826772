import Support
package import Tensors

/// A module that public programs have as well, so that their weights serve here: what each calls which parameter.
package protocol PortedModule: Module {
  /// The parameters and buffers under the names of a PyTorch module's state dictionary, in its order.
  var portedWeights: [PortedWeight] { get }
}

/// A parameter or buffer under the name that it has elsewhere.
package struct PortedWeight {
  /// The key in the state dictionary: `query_conv.weight`.
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

  /// The same under a longer name, for a module that is part of another.
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

  /// The values as they are kept there; setting them takes values of the same shape.
  var value: Tensor {
    switch destination {
    case .parameter(let parameter): arrangement.foreign(parameter.value.detached())
    case .buffer(let buffer): arrangement.foreign(buffer.value)
    }
  }

  /// The shape there.
  var shape: Shape { arrangement.foreignShape(ownShape) }

  private var ownShape: Shape {
    switch destination {
    case .parameter(let parameter): parameter.shape
    case .buffer(let buffer): buffer.value.shape
    }
  }

  /// - Parameter value: The values as they are kept there, of `shape`.
  func assign(_ value: Tensor) {
    let own = arrangement.own(value, shape: ownShape)
    switch destination {
    case .parameter(let parameter): parameter.assign(own)
    case .buffer(let buffer): buffer.value = own
    }
  }
}

extension PortedModule {
  /// All weights under their names elsewhere.
  package func stateDictionary() -> [(name: String, value: Tensor)] { portedWeights.map { ($0.name, $0.value) } }

  /// Takes the weights of a state dictionary. Other entries of it are left alone, so that it may be that of a whole
  /// network.
  ///
  /// - Parameters:
  ///   - source: The file, for messages.
  ///   - network: What messages call the network.
  ///   - prefix: The beginning of the names that are the module's: `refine_attn.`.
  ///   - tensor: Gives the entry of a name, nil if there is none.
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
  /// The weights as a PyTorch module of this name keeps them. What a spectral norm remembers is called `u0`, as in
  /// BigGAN's port.
  func portedWeights(named name: String) -> [PortedWeight] {
    [PortedWeight(name + ".weight", weight, .outputsFirst)]
      + (bias.map { [PortedWeight(name + ".bias", $0)] } ?? [])
      + (spectralNorm.map { [PortedWeight(name + ".u0", $0.u)] } ?? [])
  }
}

extension BatchNorm2d {
  /// The weights and the running statistics as a PyTorch module of this name keeps them.
  func portedWeights(named name: String) -> [PortedWeight] {
    [
      PortedWeight(name + ".weight", weight!), PortedWeight(name + ".bias", bias!),
      PortedWeight(name + ".running_mean", runningMean), PortedWeight(name + ".running_var", runningVariance),
    ]
  }
}

extension Linear {
  /// The weights as a PyTorch module of this name keeps them.
  func portedWeights(named name: String) -> [PortedWeight] {
    [PortedWeight(name + ".weight", weight, .transposed)] + (bias.map { [PortedWeight(name + ".bias", $0)] } ?? [])
  }
}

/// A state dictionary of another program, read entry by entry, that collects what is wrong with it.
package final class StateDictionaryReader {
  private let tensor: (String) throws -> Tensor?
  private var faults: [String] = []

  /// The most faults that a sentence names.
  private static let faultLimit = 10

  /// - Parameter tensor: Gives the entry of a name, nil if there is none.
  package init(_ tensor: @escaping (String) throws -> Tensor?) {
    self.tensor = tensor
  }

  /// An entry of a shape; zeros if there is none, it has another shape or holds values that are not finite.
  ///
  /// - Throws: What reading throws.
  package func tensor(_ name: String, shape: Shape) throws -> Tensor {
    guard let value = try tensor(name) else {
      faults.append("`\(name)` expected of shape \(shape), found none")
      return .zeros(shape)
    }
    if value.shape != shape {
      faults.append("`\(name)` expected of shape \(shape), found \(value.shape)")
    } else if !value.isFinite {
      faults.append("`\(name)` expected finite, found values that are not")
    } else {
      return value
    }
    return .zeros(shape)
  }

  /// Ends the reading.
  ///
  /// - Parameters:
  ///   - source: The file, for messages.
  ///   - network: What its weights were expected to be of.
  /// - Throws: A `Failure` of the kind `data` that names the entries that were missing, had another shape or held values
  ///   that are not finite: the first ten, and how many more.
  package func requireSound(source: String, network: String) throws {
    guard !faults.isEmpty else { return }
    let rest = faults.count > Self.faultLimit ? "; and \(faults.count - Self.faultLimit) more" : ""
    let named = faults.prefix(Self.faultLimit).joined(separator: "; ")
    throw Failure(.data, "\(source): not the weights of \(network): \(named)\(rest).")
  }
}
