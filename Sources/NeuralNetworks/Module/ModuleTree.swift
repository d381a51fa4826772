import Tensors

/// The contents of a module, found by reflection in the order of declaration.
struct ModuleTree {
  private(set) var parameters: [(name: String, parameter: Parameter)] = []
  private(set) var buffers: [(name: String, buffer: Buffer)] = []
  private(set) var modules: [(name: String, module: any Module)] = []
  private var seen: Set<ObjectIdentifier> = []

  init(of root: any Module) { visit(root, name: "") }

  private mutating func visit(_ value: Any, name: String) {
    // A cast looks through optionals by itself.
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
