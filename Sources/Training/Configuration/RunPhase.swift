package import InpaintingModels
import Support

/// A phase of a run: the networks that it trains, its steps, and its optimizers. Networks that a phase does not train are
/// frozen.
package struct RunPhase: Sendable {
  package let phase: TrainingPhase
  /// The steps of the phase within the run, counted from 0.
  package let steps: Range<Int>
  /// The optimizers of the networks that the phase trains, in the model's order of networks.
  package let optimizers: [OptimizerConfiguration]

  package var name: String { phase.name }

  init(_ phase: TrainingPhase, steps: Range<Int>, optimizers: [OptimizerConfiguration]) {
    self.phase = phase
    self.steps = steps
    self.optimizers = optimizers.filter { phase.networks.contains($0.network) }
  }

  /// Reads the optimizers of a phase.
  ///
  /// - Parameters:
  ///   - entry: The phase, whose key `optimizers` overrides the section of that name key by key. A schedule is overridden
  ///     as a whole.
  ///   - optimizers: The section `optimizers`.
  /// - Throws: `Failure` of the kind `configuration`.
  init(_ entry: Entry, optimizers: JSONReader, model: any ModelConfiguration) throws {
    let phase = entry.phase
    let own = try entry.reader.object("optimizers")
    let frozen = model.networkNames.first { !phase.networks.contains($0) && own.keys.contains($0) }
    if let frozen {
      throw own.failure(
        "expected networks that the phase \(phase.name) trains (\(phase.networks.joined(separator: ", "))), found \(frozen)"
      )
    }
    let changed = try model.networkNames.filter(phase.networks.contains).map { network in
      try OptimizerConfiguration(
        own.object(network, over: optimizers.value(network)?.value), network: network,
        defaultLearningRate: model.learningRate(of: network, in: phase), trainingSteps: entry.steps.count)
    }
    self.init(phase, steps: entry.steps, optimizers: changed)
  }

  /// An element of `training.phases`.
  struct Entry {
    let phase: TrainingPhase
    let steps: Range<Int>
    fileprivate let reader: JSONReader

    /// Reads the elements, in the order in which they run. The same phase of the model may occur several times.
    ///
    /// - Returns: Nil if the key is absent or null.
    /// - Throws: `Failure` of the kind `configuration`.
    static func all(in training: JSONReader, model: any ModelConfiguration) throws -> [Entry]? {
      guard let field = training.value("phases"), field.value.content != .null else { return nil }
      var entries: [Entry] = []
      for element in try field.array(count: 1...1000) {
        entries.append(try Entry(element.object(), after: entries.last?.steps.upperBound ?? 0, model))
      }
      return entries
    }

    private init(_ reader: JSONReader, after start: Int, _ model: any ModelConfiguration) throws {
      let name = try reader.string("phase", among: model.phases.map(\.name))
      guard let phase = model.phases.first(where: { $0.name == name }) else {
        preconditionFailure("RunPhase: \(name) is among the names and not among the phases")
      }
      let count = try reader.integer("steps", in: 1 ... .max)
      let (end, isTooFar) = start.addingReportingOverflow(count)
      guard !isTooFar else {
        throw reader.failure("`steps`: expected a number that can be added to the \(start) before it, found \(count)")
      }
      self.phase = phase
      self.reader = reader
      steps = start..<end
    }
  }
}

extension [RunPhase] {
  /// The position of the phase of a step. Steps are counted from 0; those after the end of the run have the last phase.
  func position(ofStep step: Int) -> Int { firstIndex { $0.steps.contains(step) } ?? count - 1 }

  /// The phases that have begun after `step` steps: the first one at least.
  func begun(by step: Int) -> ArraySlice<RunPhase> { self[...position(ofStep: Swift.max(0, step - 1))] }

  /// The names of the phases with their numbers of steps.
  var summary: String { map { "\($0.name) \($0.steps.count.grouped)" }.joined(separator: ", ") }
}
