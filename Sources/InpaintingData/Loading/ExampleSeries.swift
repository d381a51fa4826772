import Imaging
import Support
import Synchronization

/// The endless series of a run's examples: a pure function of a number, thread-safe.
///
/// A picture that cannot be used is replaced by the next one of the epoch and reported once.
final class ExampleSeries: Sendable {
  private let pictures: PictureCollection
  private let preparation: ExamplePreparation
  private let order: EpochOrder
  private let examplesPerHole: Int
  /// Notices of skipped pictures, limited as a removed folder would name all of its pictures.
  private let skipNotices: Notices
  /// Notices of holes that could not be drawn.
  private let substituteNotices: Notices
  /// The pictures known to be unusable, and the reason of the first one. This affects speed and reports only, not
  /// results.
  private let unusable = Mutex<(indices: Set<Int>, reason: Failure?)>(([], nil))

  /// - Parameter examplesPerHole: The number of examples in a row that have the same hole.
  init(
    pictures: PictureCollection, preparation: ExamplePreparation, examplesPerHole: Int,
    onSkip: @escaping @Sendable (String) -> Void
  ) {
    self.pictures = pictures
    self.preparation = preparation
    self.examplesPerHole = examplesPerHole
    skipNotices = Notices(
      limit: 100, rest: "More than 100 pictures cannot be used; the others are not named.", say: onSkip)
    substituteNotices = Notices(
      limit: 1, rest: "This was not the only hole in whose place there is a box in the middle.", say: onSkip)
    order = EpochOrder(count: pictures.count, seed: preparation.seed)
  }

  /// The number of pictures that could not be used so far.
  var skippedCount: Int { unusable.withLock { $0.indices.count } }

  /// The example with a number; its picture is the one in the epoch's order, or the next one that can be used.
  ///
  /// - Throws: `Failure` of kind `data` if no picture, or no hole picture, can be used.
  func example(_ number: Int) throws -> Example {
    let hole = try preparation.hole(number: number / examplesPerHole) { substituteNotices.add($0) }
    for skipped in 0..<(pictures.count ?? 1) {
      let index = order.position(ofSample: number, skipping: skipped).picture
      if unusable.withLock({ $0.indices.contains(index) }) { continue }
      do {
        return try preparation.example(number: number, picture: index, of: pictures) { hole }
      } catch let failure as Failure where failure.isAboutOneFile {
        report(index, failure)
      }
    }
    let reason = unusable.withLock { $0.reason }?.sentence ?? "nothing is known"
    throw Failure(
      .data,
      sentence: """
        the pictures: expected some that can be used, found none among \(pictures.count ?? 0); of the first one: \(reason)
        """)
  }

  /// Reports a picture once, even if several workers meet it at once.
  private func report(_ index: Int, _ failure: Failure) {
    let isNew = unusable.withLock { unusable in
      unusable.reason = unusable.reason ?? failure
      return unusable.indices.insert(index).inserted
    }
    if isNew { skipNotices.add("The picture \(pictures.name(of: index)) is skipped: \(failure.message)") }
  }
}
