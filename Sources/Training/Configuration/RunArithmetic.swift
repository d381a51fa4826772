import InpaintingModels
import Support

/// The settings that the numbers of a run depend on: the configuration without what only says how far, how often, with how many threads
/// and with how much memory.
extension TrainingConfiguration {
  /// Two runs that agree in it agree bit for bit at every step.
  package var arithmetic: JSONValue {
    guard namesPhases else { return resolved.removing(Self.circumstances) }
    let end = ["training", "phases", "\(phases.count - 1)", "steps"]
    return resolved.removing(Self.circumstances + [Self.optimizersPath, end])
  }

  /// Two runs that agree in it agree bit for bit up to so many steps: of the phases that have begun until then each but the
  /// last has its steps, and those that come later are left out.
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

  /// Everything that differs in what the numbers of a run depend on, from what a checkpoint of an older run says.
  ///
  /// - Parameters:
  ///   - written: `arithmetic` of the older run, which may lack keys that there were not yet.
  ///   - step: The checkpoint's.
  /// - Returns: The differences; and the phases that had begun, of each run, if these are not the same.
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

  /// The configuration of an older run, with this one's values of what its numbers do not depend on; nil if there can be no
  /// such run any more.
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
      // The steps of phases add up by themselves.
      guard count == nil || path != Self.stepsPath, let value = path.reduce(Optional(resolved), { $0?[$1] })
      else { continue }
      set(path, value)
    }
    // The end of the last phase was left out; any will do.
    if let count { set(Self.phasesPath + ["\(count - 1)", "steps"], 1) }
    return try? TrainingConfiguration(whole, source: "an older run")
  }

  /// True if the configuration names its phases, and does not have the model's first.
  private var namesPhases: Bool { resolved.phaseList != nil }

  /// The section `optimizers` as it holds in a phase.
  private func optimizers(ofPhaseAt position: Int) -> JSONValue {
    if let list = resolved.phaseList { return list[position]["optimizers"] ?? [:] }
    let names = phases[position].phase.networks
    return JSONValue(
      (resolved["optimizers"]?.members ?? []).filter { names.contains($0.key) }.map { (key: $0.key, value: $0.value) })
  }

  private static let stepsPath = ["training", "steps"]
  private static let phasesPath = ["training", "phases"]
  private static let optimizersPath = ["optimizers"]

  /// The keys that only say how far, how often, with how many threads and with how much memory.
  private static let circumstances = [
    ["data", "workers"], ["data", "validation_count"], ["training", "threads"], stepsPath,
    ["training", "checkpoint_every"], ["training", "sample_every"], ["training", "validate_every"],
    ["training", "keep_checkpoints"], ["training", "keep_best"], ["training", "checkpoint_activations"],
    ["training", "shard_optimizer"],
  ]
}

extension JSONValue {
  /// The elements of `training.phases` of a configuration; nil if it names none.
  fileprivate var phaseList: [JSONValue]? {
    guard case .array(let elements)? = self["training"]?["phases"]?.content else { return nil }
    return elements
  }

  /// A resolved configuration in which phases, if there are any, say all of their optimizers, and the section `optimizers`
  /// what was written in it.
  func withOptimizersOfPhases(written: JSONValue?) -> JSONValue {
    guard phaseList != nil else { return removing([["training", "phases"]]) }
    return JSONValue(
      (members ?? []).map { member in
        (key: member.key, value: member.key == "optimizers" ? written ?? [:] : member.value)
      })
  }
}
