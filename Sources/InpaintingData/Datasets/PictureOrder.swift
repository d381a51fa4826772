import Support
import Synchronization

/// The picture that each sample of a training run shows: every picture once an epoch, each epoch in another order.
///
/// A pure function of the seed and the sample's number, so that the position in the data is one integer.
package final class PictureOrder: Sendable {
  private let count: Int?
  private let seed: UInt64
  /// The permutations of the epochs in use: workers that look ahead may be in the next one already.
  private let recent = Mutex<[(epoch: Int, permutation: [Int])]>([])

  /// - Parameter count: How many pictures there are; nil if every sample gets a new one.
  package init(count: Int?, seed: UInt64) {
    precondition(count ?? 1 > 0, "PictureOrder: expected at least one picture")
    self.count = count
    self.seed = seed
  }

  /// The epoch that a sample belongs to, and its picture.
  ///
  /// - Parameters:
  ///   - sample: The number of the sample since the start of the run, from 0.
  ///   - skipped: How many pictures of the epoch to step over, going around at its end: in place of a picture that
  ///     cannot
  ///     be used comes the next one.
  package func position(ofSample sample: Int, skipping skipped: Int = 0) -> (epoch: Int, picture: Int) {
    precondition(sample >= 0 && skipped >= 0, "PictureOrder.position: samples are numbered from 0, not \(sample)")
    guard let count else { return (0, sample + skipped) }
    let (epoch, place) = sample.quotientAndRemainder(dividingBy: count)
    return (epoch, permutation(ofEpoch: epoch, count: count)[(place + skipped) % count])
  }

  /// The order of an epoch: computed once, as long as no worker is two epochs ahead of another.
  private func permutation(ofEpoch epoch: Int, count: Int) -> [Int] {
    recent.withLock { recent in
      if let known = recent.first(where: { $0.epoch == epoch }) { return known.permutation }
      var stream = RandomStream(seed: seed, purpose: "order", step: epoch)
      let permutation = stream.permutation(count: count)
      recent = recent.suffix(1) + [(epoch, permutation)]
      return permutation
    }
  }
}
