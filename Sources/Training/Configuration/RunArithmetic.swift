import InpaintingModels
import Support

/// The settings that determine the numbers of a run: the configuration without the keys for the length of the run, the
/// intervals of its outputs, threads and memory.
extension TrainingConfiguration {
  /// The settings that determine the numbers of the run. Two runs with the same `arithmetic` have the same weights, bit for
  /// bit, at every step.
  package var arithmetic: JSONValue {
    guard namesPhases else { return resolved.removing(Self.circumstances) }
    let end = ["training", "phases", "\(phases.count - 1)", "steps"]
    return resolved.removing(Self.circumstances + [Self.optimizersPath, end])
  }

  /// The settings that determine the numbers of the run up to a step. Of the phases that have begun by then, each but the
  /// last has its number of steps; later phases are left out.
  func arithmetic(until step: Int) -> JSONValue {
    var json = resolved.removing(Self.circumstances + [Self.optimizersPath])
    let begun = phases.begun(by: step)
    let values = begun.enumerated().map { position, phase in
      let steps = position < begun.count - 1 ? [(key: "steps", value: JSONValue(phase.steps.count))] : []
      return JSONValue(
        [(key: "phase", value: JSONValue(phase.name))] + steps
          + [(key: "optimizers", value: optimizers(ofPhaseAt: position))])
    }
    let list = JSONOverride(label: "the phases", path: Self.phasesPath.joined(separator: "."), value: JSONValue(values))
    do { try list.apply(to: &json) } catch { preconditionFailure("RunArithmetic: a section is no object") }
    return json
  }

  /// The differences between this configuration and that of a checkpoint, among the settings that determine the numbers of a
  /// run.
  ///
  /// - Parameters:
  ///   - written: `arithmetic` as the checkpoint has it. It may lack keys that were introduced after it was written.
  ///   - step: The step of the checkpoint.
  /// - Returns: `values`, the settings that differ; and `phases`, the starts of the phases that had begun by the step,
  ///   in the checkpoint (`old`) and here (`new`), or nil if they are the same.
  func changes(
    since written: JSONValue, step: Int
  ) -> (values: [ConfigurationChange], phases: (old: String, new: String)?) {
    guard let older = reread(written) else { return (written.differences(from: arithmetic), nil) }
    guard namesPhases || older.namesPhases else { return (older.arithmetic.differences(from: arithmetic), nil) }
    let (theirs, ours) = (older.phases.begun(by: step), phases.begun(by: step))
    func starts(_ phases: ArraySlice<RunPhase>) -> String {
      phases.map { "\($0.name) from step \($0.steps.lowerBound + 1)" }.joined(separator: ", ")
    }
    let (old, new) = (starts(theirs), starts(ours))
    return (
      older.arithmetic(until: step).differences(from: arithmetic(until: step)), old == new ? nil : (old, new)
    )
  }

  /// The configuration of a checkpoint, with defaults for keys that were introduced since, and with this configuration's
  /// values of the settings that `arithmetic` leaves out; nil if it is not valid any more.
  private func reread(_ written: JSONValue) -> TrainingConfiguration? {
    var whole = written
    func set(_ path: [String], _ value: JSONValue) {
      try? JSONOverride(label: "a default", path: path.joined(separator: "."), value: value).apply(to: &whole)
    }
    var count: Int?
    if case .array(let elements)? = Self.phasesPath.reduce(Optional(written), { $0?[$1] })?.content {
      count = elements.count
    }
    for path in Self.circumstances {
      // With phases, `training.steps` is the sum of their steps.
      guard count == nil || path != Self.stepsPath, let value = path.reduce(Optional(resolved), { $0?[$1] })
      else { continue }
      set(path, value)
    }
    // `arithmetic` leaves out the steps of the last phase; any valid number serves.
    if let count { set(Self.phasesPath + ["\(count - 1)", "steps"], 1) }
    return try? TrainingConfiguration(whole, source: "an older run")
  }

  /// True if the configuration has `training.phases`; without them the run has one phase, the model's first.
  private var namesPhases: Bool { resolved.phaseList != nil }

  /// The section `optimizers` of a phase: the entries of the networks that the phase trains.
  private func optimizers(ofPhaseAt position: Int) -> JSONValue {
    if let list = resolved.phaseList { return list[position]["optimizers"] ?? [:] }
    let names = phases[position].phase.networks
    return JSONValue(
      (resolved["optimizers"]?.members ?? []).filter { names.contains($0.key) }.map { (key: $0.key, value: $0.value) })
  }

  private static let stepsPath = ["training", "steps"]
  private static let phasesPath = ["training", "phases"]
  private static let optimizersPath = ["optimizers"]

  /// The keys that change no number: length of the run, intervals, threads and memory.
  private static let circumstances = [
    ["data", "workers"], ["data", "validation_count"], ["training", "threads"], stepsPath,
    ["training", "checkpoint_every"], ["training", "sample_every"], ["training", "validate_every"],
    ["training", "keep_checkpoints"], ["training", "keep_best"], ["training", "checkpoint_activations"],
    ["training", "shard_optimizer"],
  ]
}

extension JSONValue {
  /// The elements of `training.phases`; nil if there are none.
  fileprivate var phaseList: [JSONValue]? {
    guard case .array(let elements)? = self["training"]?["phases"]?.content else { return nil }
    return elements
  }

  /// A resolved configuration in which optimizers are written once: with phases, each phase has its full optimizers and the
  /// section `optimizers` is as in the file; without phases, the key `training.phases` is removed.
  ///
  /// - Parameter written: The section `optimizers` of the file; nil if there is none.
  func withOptimizersOfPhases(written: JSONValue?) -> JSONValue {
    guard phaseList != nil else { return removing([["training", "phases"]]) }
    return JSONValue(
      (members ?? []).map { member in
        (key: member.key, value: member.key == "optimizers" ? written ?? [:] : member.value)
      })
  }
}
