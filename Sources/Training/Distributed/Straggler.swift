import Support

/// The process that the others wait for, if it is worth a word: it waits least, for it comes last.
struct Straggler: Equatable {
  let rank: Int
  let seconds: Double
  /// The process that waits most.
  let waiting: (rank: Int, seconds: Double)

  static func == (left: Straggler, right: Straggler) -> Bool {
    left.rank == right.rank && left.seconds == right.seconds && left.waiting == right.waiting
  }

  /// The part of a step, and the seconds, from which on a wait is worth a word.
  private static let (worthwhilePart, worthwhileSeconds) = (0.1, 0.1)

  /// - Parameters:
  ///   - waits: The seconds that each process has waited during a step, by rank.
  ///   - seconds: Those of the step.
  /// - Returns: Nil if all wait about as long, or there is one process.
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

  /// For a line of progress.
  var remark: String {
    "rank \(rank) waits \(seconds.decimals(1)) s, rank \(waiting.rank) \(waiting.seconds.decimals(1)) s"
  }
}
