/// Whether the samples of a batch have holes of their own.
package enum HoleSharing: String, CaseIterable, Sendable {
  /// A hole for each sample.
  case perSample = "sample"
  /// One hole for the whole batch, as the authors of DeepFill train.
  case perBatch = "batch"
}
