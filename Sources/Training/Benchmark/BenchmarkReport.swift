import Foundation

/// The findings of a benchmark.
package struct BenchmarkReport {
  struct Training {
    let steps: StepMeasurement
    /// The most resident memory of the process; nil if the system does not say.
    let residentBytes: Int?
    /// The most bytes of tensors that lived at once.
    let tensorBytes: Int
    let profile: ConvolutionProfile

    /// The part of a step that its convolutions take.
    var convolutionShare: Double { profile.secondsPerStep / steps.seconds.median }
  }

  let configuration: String
  let model: String
  let size: Int
  let batch: Int
  let threads: Int
  let date: Date
  let machine: Machine
  let peak: MatrixProductPeak
  /// nil if only filling was measured.
  let training: Training?
  let filling: FillMeasurement
  /// The step with few threads first; empty if that was not measured.
  let scaling: [StepMeasurement]
  /// nil if that was not measured.
  let products: GEMMProfile?
}
