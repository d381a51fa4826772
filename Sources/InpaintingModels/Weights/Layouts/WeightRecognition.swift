import Support
import Tensors

/// A model and a layout that a file may be of, found by the names of its tensors alone.
struct WeightRecognition {
  let model: (name: String, configuration: any ModelConfiguration.Type)
  let layout: WeightLayout
  let placements: [WeightPlacement]
  /// The number of names that agree.
  let count: Int

  /// The layouts that the file may have: usually one, several if they have the same number of names in it.
  ///
  /// - Throws: `Failure` of the kind `data` if it is like nothing that is known.
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
