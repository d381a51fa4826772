import Support
import Tensors

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
