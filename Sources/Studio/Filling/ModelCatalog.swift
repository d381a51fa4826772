import Imaging
import Inpainting
import InpaintingModels
import Support
import Training

/// The models on offer: classical methods, the given weights, and the checkpoints of runs.
///
/// It is listed anew each time, so that it has the newest checkpoints.
struct ModelCatalog: Sendable {
  /// A model or a classical method.
  struct Entry: Equatable, Sendable {
    enum Source: Equatable, Sendable {
      case method(ClassicalFill)
      /// A file of weights or a checkpoint.
      case weights(path: String)
    }

    /// The identifier in requests; never a path.
    let id: String
    /// The name for display.
    let name: String
    /// The heading of its group.
    let group: String
    let source: Source
    /// The run that it comes from.
    var run: String?
    var step: Int?
    /// The names of the conditions that it takes; nil if they are unknown before it is loaded.
    var conditions: [String]?
  }

  let weights: [String]
  let runs: RunCatalog

  var entries: [Entry] {
    weights.enumerated().map { index, path in
      Entry(
        id: "weights/\(index)", name: path.split(separator: "/").suffix(2).joined(separator: "/").showingPathBytes,
        group: "Weights", source: .weights(path: path))
    } + runs.runs.flatMap(Self.entries) + ClassicalFill.allCases.reversed().map(Self.entry)
  }

  private static func entries(of run: Run) -> [Entry] {
    let conditions = run.conditions
    func entry(_ id: String, _ name: String, _ step: Int) -> Entry {
      Entry(
        id: "runs/\(run.name)/\(id)", name: name, group: run.name.showingPathBytes,
        source: .weights(path: run.checkpoint(step: step)), run: run.name, step: step, conditions: conditions)
    }
    let newest = run.checkpoints.last.map { [entry("latest", "newest (step \($0))", $0)] } ?? []
    let best = run.best.map { [entry("best", "best (step \($0))", $0)] } ?? []
    return newest + best + run.checkpoints.reversed().map { entry("step-\($0)", "step \($0)", $0) }
  }

  private static func entry(of method: ClassicalFill) -> Entry {
    let name =
      switch method {
      case .patches: "Patches of the picture"
      case .telea: "Telea (fast marching)"
      case .harmonic: "Harmonic (smoothest)"
      }
    return Entry(
      id: "methods/\(method.rawValue)", name: name, group: "Without a network", source: .method(method), conditions: [])
  }

  /// - Throws: `HTTPError` with the status 404 if there is none of that name.
  func entry(_ id: String) throws -> Entry {
    guard let entry = entries.first(where: { $0.id.hasSameBytes(as: id) }) else {
      throw HTTPError(404, "The model: expected one of the list at /api/v1/models, found another name.")
    }
    return entry
  }
}
