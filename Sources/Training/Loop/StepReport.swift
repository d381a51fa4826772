package import InpaintingModels

/// A step as those are told of it who record it.
package struct StepReport {
  /// The name of the phase that the step belongs to, if the run has several.
  package internal(set) var phase: String?
  /// The step's wall time, with waiting for data.
  package internal(set) var seconds = 0.0
  /// The part of it spent waiting for data.
  package internal(set) var waited = 0.0
  package internal(set) var images = 0
  /// The seconds that each process has waited for others during the step, by rank; none of a process that trains alone.
  var waits: [Double] = []
  /// The seconds in which this process could not go on for want of sums that all were at.
  var exchanged = 0.0
  package internal(set) var terms: [LossTerm] = []
  /// Measurements of the model after the step, by recorders: those that come later are told of them, too.
  package var measurements: [(key: String, value: Double)] = []

  /// All numbers, as `metrics.jsonl` has them.
  package var values: [(key: String, value: Double)] {
    [
      ("seconds", seconds), ("images_per_second", Double(images) / seconds), ("data_wait_seconds", waited),
    ] + terms.map { ($0.name, Double($0.value)) } + measurements
  }
}
