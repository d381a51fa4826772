/// Whose fillings are measured: the rows of a report's tables.
package enum FillingMethod: Equatable, Sendable {
  /// The network that is evaluated.
  case model
  /// A filling without learning.
  case baseline(Baseline)
  /// The untouched picture, for metrics that say something about a picture alone.
  case original

  /// The model, the baselines, the originals.
  static let all: [FillingMethod] = [.model] + Baseline.allCases.map { .baseline($0) } + [.original]

  /// Its name in JSON.
  var key: String {
    switch self {
    case .model: "model"
    case .baseline(let baseline): baseline.rawValue
    case .original: "original"
    }
  }

  /// True of what every report has; reports that are older than a baseline lack it.
  var isInEveryReport: Bool { self != .baseline(.patches) }

  /// The name in tables.
  var title: String {
    switch self {
    case .model: "Model"
    case .baseline(let baseline): baseline.title
    case .original: "Original"
    }
  }

  /// A description for people.
  var definition: String {
    switch self {
    case .model: "The network that is evaluated."
    case .baseline(let baseline): baseline.definition
    case .original: "The untouched pictures, for the metrics that need no comparison."
    }
  }
}
