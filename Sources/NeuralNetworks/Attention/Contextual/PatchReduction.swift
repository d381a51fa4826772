/// The rule by which the patches that attention compares become fewer than the pixels (Yu et al., 2018, section 3.3).
package enum PatchReduction: String, CaseIterable, Sendable {
  /// Both pictures are halved before their patches are compared, and patches of twice the size are pasted: as
  /// published.
  case downsampling
  /// Patches are compared as they are, those of the background two pixels apart. Four times the scores, finer matches.
  case stride
}
