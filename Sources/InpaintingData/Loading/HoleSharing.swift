/// The samples of a batch that one hole serves.
package enum HoleSharing: String, CaseIterable, Sendable {
  /// A hole for each sample.
  case perSample = "sample"
  /// One hole for the whole batch, as the authors of DeepFill train.
  case perBatch = "batch"
}
