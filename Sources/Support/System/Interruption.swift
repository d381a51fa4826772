import Synchronization

/// Wishes that long work grants between two steps: to stop, or to save what it has and go on. Any thread may ask.
public final class Interruption: Sendable {
  private let signal = Atomic<Int32>(0)
  private let wantsCheckpoint = Atomic<Bool>(false)
  private let wantsSamples = Atomic<Bool>(false)

  public init() {}

  /// The signal that asked to stop; nil if none did.
  public var requested: Int32? {
    let value = signal.load(ordering: .relaxed)
    return value == 0 ? nil : value
  }

  /// Asks to stop, as a signal does.
  ///
  /// - Parameter number: The signal's: 2 is SIGINT, what Ctrl-C sends. Not 0.
  public func request(_ number: Int32 = 2) {
    signal.store(number, ordering: .relaxed)
  }

  /// Asks for a checkpoint after the step that is being made; the work goes on.
  ///
  /// - Parameter samples: Asks for a sheet of sample pictures, too.
  public func requestCheckpoint(samples: Bool = false) {
    // First, so that whoever writes samples before checkpoints rarely sees one wish without the other.
    if samples { wantsSamples.store(true, ordering: .sequentiallyConsistent) }
    wantsCheckpoint.store(true, ordering: .sequentiallyConsistent)
  }

  /// True if a checkpoint was asked for; the wish counts as granted from then on.
  package func takeCheckpointRequest() -> Bool { wantsCheckpoint.exchange(false, ordering: .sequentiallyConsistent) }

  /// True if a sheet of samples was asked for; the wish counts as granted from then on.
  package func takeSamplesRequest() -> Bool { wantsSamples.exchange(false, ordering: .sequentiallyConsistent) }
}
