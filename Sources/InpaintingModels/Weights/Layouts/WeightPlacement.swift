import NeuralNetworks
import Support
import Tensors

/// The prefix under which a file has the tensors of a network.
struct WeightPlacement {
  let layout: NetworkLayout
  /// The prefix of each of the layout's names.
  let prefix: String

  /// The name of a tensor in the file.
  func name(of mapping: WeightMapping) -> String { prefix + mapping.foreign }

  /// The shape of a module's parameter, inferred from its tensor in the file; nil if the file has no such tensor, or
  /// one whose rank does not fit.
  func ownShape(of own: String, in file: WeightFile) -> Shape? {
    guard let mapping = layout.tensors.first(where: { $0.own == own }) else { return nil }
    return file.shape(of: name(of: mapping)).flatMap { mapping.arrangement.ownShape($0) }
  }

  /// The best placement of a network in a file, and the number of the layout's names that the file has there.
  struct Match {
    let placement: WeightPlacement
    let count: Int
  }

  /// Finds a network in a file. The network's names may have any prefix that ends in a dot or a slash, as in nested
  /// dictionaries. The prefix with the most matching names is chosen; on a tie, the one that consists of usual names of
  /// networks.
  ///
  /// - Returns: nil if no prefix has at least half of the names.
  /// - Throws: `Failure` of the kind `data` if a tie remains.
  static func find(_ layout: NetworkLayout, in file: WeightFile) throws -> Match? {
    let expected = Set(layout.tensors.map(\.foreign))
    let components = expected.map { $0.split(whereSeparator: isSeparator).count }.max() ?? 0
    var prefixes: [String] = []
    var counts: [String: Int] = [:]
    for name in file.names {
      for start in name.componentStarts(atMost: components) where expected.contains(String(name[start...])) {
        let prefix = String(name[..<start])
        if counts[prefix] == nil { prefixes.append(prefix) }
        counts[prefix, default: 0] += 1
      }
    }
    guard let most = counts.values.max(), most * 2 >= expected.count else { return nil }
    let all = prefixes.filter { counts[$0] == most }
    let usual = all.filter { $0.split(whereSeparator: isSeparator).allSatisfy { usualNames.contains(String($0)) } }
    let best = usual.isEmpty ? all : usual
    guard best.count == 1 else {
      throw Failure(
        .data,
        "\(file.path): expected one network of a kind, found several, under \(best.joined(separator: ", ")); keep one of them "
          + "in a file of its own.")
    }
    return Match(placement: WeightPlacement(layout: layout, prefix: best[0]), count: most)
  }

  /// The usual keys of networks in nested dictionaries.
  private static let usualNames: Set = [
    "G", "netG", "generator", "D", "netD", "discriminator", "model", "module", "state_dict",
  ]
}

private func isSeparator(_ character: Character) -> Bool { character == "." || character == "/" }

extension String {
  /// The start indices of the last one, two, … up to `count` components that dots or slashes separate.
  fileprivate func componentStarts(atMost count: Int) -> [Index] {
    var starts: [Index] = []
    var place = endIndex
    while starts.count < count, place > startIndex {
      let separator = self[..<place].lastIndex(where: isSeparator)
      starts.append(separator.map { index(after: $0) } ?? startIndex)
      place = separator ?? startIndex
    }
    return starts
  }
}

/// A candidate model and layout of a file, found by the names of its tensors alone.
struct WeightRecognition {
  let model: (name: String, configuration: any ModelConfiguration.Type)
  let layout: WeightLayout
  let placements: [WeightPlacement]
  /// The number of matching names.
  let count: Int

  /// The candidates with the most matching names: usually one, several on a tie.
  ///
  /// - Throws: `Failure` of the kind `data` if no layout matches.
  static func all(in file: WeightFile) throws -> [WeightRecognition] {
    var found: [WeightRecognition] = []
    for model in ModelRegistry.models {
      for layout in model.configuration.weightLayouts {
        let matches = try layout.networks.compactMap { try WeightPlacement.find($0, in: file) }
        guard !matches.isEmpty else { continue }
        found.append(
          WeightRecognition(
            model: model, layout: layout, placements: matches.map(\.placement),
            count: matches.map(\.count).reduce(0, +)))
      }
    }
    guard let most = found.map(\.count).max() else { throw unknown(file) }
    return found.filter { $0.count == most }
  }

  private static func unknown(_ file: WeightFile) -> Failure {
    let examples = file.names.prefix(3).map { JSONValue($0).write() }.joined(separator: ", ")
    let found = file.names.isEmpty ? "no tensors at all" : "\(file.names.count) tensors, the first of them \(examples)"
    let known = ModelRegistry.models.map { model in
      "\(model.name) as \(model.configuration.weightLayouts.map(\.name).joined(separator: ", "))"
    }
    return Failure(
      .data,
      "\(file.path): expected a checkpoint of ours or weights of \(known.joined(separator: "; ")), found \(found).")
  }
}

/// The differences between a file and the tensors that a model and a layout expect.
struct WeightFaults {
  private var missing: [String] = []
  private var unexpected: [String] = []
  private var misshapen: [String] = []
  private var changed: [String] = []

  /// - Parameter model: The model whose parameters have the expected shapes.
  init(_ file: WeightFile, _ placements: [WeightPlacement], model: any InpaintingModel) throws {
    var expected: Set<String> = []
    for placement in placements {
      let shapes = model.ownShapes(of: placement.layout.network)
      for mapping in placement.layout.tensors {
        let name = placement.name(of: mapping)
        expected.insert(name)
        // The layout is that of a deeper network than the model.
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

  /// The number of missing, unexpected, misshapen and changed tensors.
  var count: Int { lists.map(\.names.count).reduce(0, +) }

  /// The differences as the end of a sentence.
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
  /// The shape as text, such as `48x5x5x5`.
  fileprivate var text: String { isEmpty ? "a single number" : map(String.init).joined(separator: "x") }
}
