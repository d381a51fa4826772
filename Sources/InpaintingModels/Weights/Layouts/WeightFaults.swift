import Tensors

/// Everything in which a file differs from what a model and a layout expect.
struct WeightFaults {
  private var missing: [String] = []
  private var unexpected: [String] = []
  private var misshapen: [String] = []
  private var changed: [String] = []

  /// - Parameter model: Its parameters have the shapes that are expected.
  init(_ file: WeightFile, _ placements: [WeightPlacement], model: any InpaintingModel) throws {
    var expected: Set<String> = []
    for placement in placements {
      let shapes = model.ownShapes(of: placement.layout.network)
      for mapping in placement.layout.tensors {
        let name = placement.name(of: mapping)
        expected.insert(name)
        // A layout of a deeper network than the file's.
        guard let shape = shapes[mapping.own] else {
          missing.append(name)
          continue
        }
        compare(file.shape(of: name), mapping.arrangement.foreignShape(shape), name)
      }
      let ones = placement.layout.ones(shapes: shapes)
      for (name, value) in (placement.layout.constants + ones).map({ (placement.prefix + $0.name, $0.value) }) {
        expected.insert(name)
        guard let shape = file.shape(of: name) else { continue }
        compare(shape, value.shape, name)
        if shape == value.shape, try file.tensor(name).elements != value.elements { changed.append(name) }
      }
    }
    unexpected = file.names.filter { name in
      !expected.contains(name)
        && placements.contains { placement in
          name.hasPrefix(placement.prefix + placement.layout.scope)
            && !placement.layout.ignoredEndings.contains { name.hasSuffix($0) }
        }
    }
  }

  private mutating func compare(_ found: Shape?, _ expected: Shape, _ name: String) {
    guard let found else { return missing.append(name) }
    if found != expected { misshapen.append("\(name) (expected \(expected.text), found \(found.text))") }
  }

  /// The number of tensors that are not as expected.
  var count: Int { lists.map(\.names.count).reduce(0, +) }

  /// All of it in one sentence's end.
  var description: String {
    lists.filter { !$0.names.isEmpty }.map { "\($0.title): \($0.names.joined(separator: ", "))" }
      .joined(separator: "; ")
  }

  private var lists: [(title: String, names: [String])] {
    [("missing", missing), ("unexpected", unexpected), ("misshapen", misshapen), ("with other values", changed)]
  }
}

extension InpaintingModel {
  /// The shapes of a network's parameters and buffers by their names.
  fileprivate func ownShapes(of network: String) -> [String: Shape] {
    guard let module = networks.first(where: { $0.name == network })?.module else { return [:] }
    let shapes =
      module.namedParameters.map { ($0.name, $0.parameter.shape) }
      + module.namedBuffers.map { ($0.name, $0.buffer.value.shape) }
    return Dictionary(uniqueKeysWithValues: shapes)
  }
}

extension Shape {
  /// As people write it: `48x5x5x5`.
  fileprivate var text: String { isEmpty ? "a single number" : map(String.init).joined(separator: "x") }
}
