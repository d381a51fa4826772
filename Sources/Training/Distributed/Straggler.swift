import Support

/// The slowest rank of a step, for which the others wait.
///
/// It is the rank that waits least, because it reaches collective calls last.
struct Straggler: Equatable {
  let rank: Int
  let seconds: Double
  /// The rank that waits longest.
  let waiting: (rank: Int, seconds: Double)

  static func == (left: Straggler, right: Straggler) -> Bool {
    left.rank == right.rank && left.seconds == right.seconds && left.waiting == right.waiting
  }

  /// The fraction of a step and the seconds that a difference between waits must both exceed to be reported.
  private static let (worthwhilePart, worthwhileSeconds) = (0.1, 0.1)

  /// Finds the slowest rank.
  ///
  /// - Parameters:
  ///   - waits: The seconds that each rank has waited for others during a step, by rank.
  ///   - seconds: The duration of the step.
  /// - Returns: Nil if all ranks wait for about the same time, or if there is a single process.
  init?(_ waits: [Double], seconds: Double) {
    let ranked = waits.enumerated().map { (rank: $0, seconds: $1) }
    guard let least = ranked.min(by: { $0.seconds < $1.seconds }),
      let most = ranked.max(by: { $0.seconds < $1.seconds }),
      most.seconds - least.seconds > max(Self.worthwhilePart * seconds, Self.worthwhileSeconds)
    else { return nil }
    rank = least.rank
    self.seconds = least.seconds
    waiting = most
  }

  /// The waits of the slowest and of the longest waiting rank, for the progress line.
  var remark: String {
    "rank \(rank) waits \(seconds.decimals(1)) s, rank \(waiting.rank) \(waiting.seconds.decimals(1)) s"
  }
}
