package import Tensors

/// A part of a network that owns parameters: a layer, a block of layers, or a whole network.
///
/// Modules are final classes with constant properties. Their parameters, buffers and submodules are found by reflection
/// in the order of declaration. Their names in checkpoints are the names of the properties, joined with dots, such as
/// `coarse.conv1.weight`. Elements of an array are named by their index, as in `layers.0.bias`; an optional is named as
/// its value. An object that is reached twice is listed once, under its first name.
///
/// Reflection is slow: call these properties once and keep the result, not once per step.
package protocol Module: AnyObject {}

/// A module with one input and one output.
package protocol Layer: Module {
  func callAsFunction(_ x: Tensor) -> Tensor
}

/// A module that behaves differently in training and at inference.
package protocol TrainingDependent: Module {
  /// True during training.
  var isTraining: Bool { get set }
}

extension Module {
  /// All parameters, in the order of declaration.
  package var parameters: [Parameter] { namedParameters.map(\.parameter) }

  /// All parameters with their names in checkpoints.
  package var namedParameters: [(name: String, parameter: Parameter)] { ModuleTree(of: self).parameters }

  /// All buffers (saved but not optimized) with their names in checkpoints.
  package var namedBuffers: [(name: String, buffer: Buffer)] { ModuleTree(of: self).buffers }

  /// This module and all its submodules with their names in checkpoints; its own name is empty.
  package var namedModules: [(name: String, module: any Module)] { ModuleTree(of: self).modules }

  /// The total number of elements of the parameters.
  package var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.elementCount } }

  /// Sets `isTraining` of this module and all its submodules.
  package func setTraining(_ isTraining: Bool) {
    for (_, module) in namedModules {
      (module as? any TrainingDependent)?.isTraining = isTraining
    }
  }
}

extension Tensor {
  /// The output of the layers, applied one after the other.
  package func through(_ layers: any Layer...) -> Tensor {
    layers.reduce(self) { x, layer in layer(x) }
  }
}

/// The contents of a module, found by reflection in the order of declaration.
struct ModuleTree {
  private(set) var parameters: [(name: String, parameter: Parameter)] = []
  private(set) var buffers: [(name: String, buffer: Buffer)] = []
  private(set) var modules: [(name: String, module: any Module)] = []
  private var seen: Set<ObjectIdentifier> = []

  init(of root: any Module) { visit(root, name: "") }

  private mutating func visit(_ value: Any, name: String) {
    // Casting looks through optionals.
    switch value {
    case let parameter as Parameter:
      if isNew(parameter) { parameters.append((name, parameter)) }
    case let buffer as Buffer:
      if isNew(buffer) { buffers.append((name, buffer)) }
    case let module as any Module:
      guard isNew(module) else { return }
      modules.append((name, module))
      for child in Mirror(reflecting: module).children {
        visit(child.value, name: join(name, child.label ?? ""))
      }
    default:
      visitElements(of: Mirror(reflecting: value), name: name)
    }
  }

  private mutating func visitElements(of mirror: Mirror, name: String) {
    switch mirror.displayStyle {
    case .optional:
      for child in mirror.children { visit(child.value, name: name) }
    case .collection:
      for (index, child) in mirror.children.enumerated() { visit(child.value, name: join(name, "\(index)")) }
    default: break
    }
  }

  private mutating func isNew(_ object: AnyObject) -> Bool { seen.insert(ObjectIdentifier(object)).inserted }

  private func join(_ name: String, _ component: String) -> String {
    name.isEmpty ? component : name + "." + component
  }
}
